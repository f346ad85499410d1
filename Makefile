# The three modules of the workspace. Every target goes through all of them.
MODULES   = . ./store/sqlstore ./examples
PACKAGES  = $(MODULES:%=%/...)
LIBRARIES = . ./store/sqlstore

# Meant for the command line: make fuzz FUZZTIME=1m, make bench BENCH=Apply.
TESTFLAGS =
FUZZTIME  = 10s
BENCH     = .
COUNT     = 6
API_BASE  = $(shell git describe --tags --abbrev=0 2>/dev/null)

# The developer tools, pinned in modules of their own, built on first use and kept in Go's cache.
# Outside the workspace, because a workspace takes no other go.mod.
TOOL = GOWORK=off go tool -modfile=$(CURDIR)/tools/go.mod
LINT = GOWORK=off go tool -modfile=$(CURDIR)/tools/lint/go.mod golangci-lint

# $(call in_each_module,COMMAND) runs it in every module, without the workspace, as a user of that module would.
in_each_module = @for dir in $(MODULES); do echo "$$dir: $(1)"; (cd $$dir && GOWORK=off $(1)) || exit 1; done

.PHONY: help test race fuzz bench compare cover lint fmt generate update verify api

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## vet and test everything
	go vet $(PACKAGES)
	go test $(TESTFLAGS) $(PACKAGES)

race: ## test everything under the race detector (needs a C compiler)
	CGO_ENABLED=1 go test -race $(TESTFLAGS) $(PACKAGES)

fuzz: ## run every fuzz target for FUZZTIME
	@grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . | sort | sed 's/:func / /' | \
	while read -r file target; do \
		echo "$$target in $$file"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" || exit 1; \
	done

bench: ## run the benchmarks BENCH, COUNT times each
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PACKAGES)

compare: ## compare two outputs of make bench: OLD=before.txt NEW=after.txt
	$(TOOL) benchstat $(OLD) $(NEW)

cover: ## what the tests reach, into cover.out
	go test -coverprofile=cover.out -coverpkg=github.com/colloquy-go/colloquy/... $(PACKAGES)
	go tool cover -func=cover.out | tail -n 1

lint: ## run the linters of .golangci.yml
	$(call in_each_module,$(LINT) run ./...)

fmt: ## format the Go files
	$(TOOL) gofumpt -l -w .

generate: ## run go generate
	go generate $(PACKAGES)

update: ## rewrite the golden files: the diff is the review
	@grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -r -n 1 dirname | sort -u | xargs -r -t -I DIR go test DIR -update

verify: ## refuse an untidy go.mod, a module that needs the workspace, stale generated or unformatted files
	$(call in_each_module,go mod tidy -diff)
	$(call in_each_module,go vet ./...)
	@before=$$(git diff) || exit 1; $(MAKE) --no-print-directory generate || exit 1; \
	test "$$before" = "$$(git diff)" || { echo 'generated files were stale: look at git diff and commit it'; exit 1; }
	@unformatted=$$($(TOOL) gofumpt -l .) || exit 1; \
	test -z "$$unformatted" || { echo "make fmt would change: $$unformatted"; exit 1; }

api: ## show how the exported API changed since API_BASE (default: the last tag)
	@test -n "$(API_BASE)" || { echo 'no tag to compare with yet: make api API_BASE=COMMIT'; exit 1; }
	@old=$$(mktemp -d) && trap 'rm -rf "$$old"' EXIT && git archive $(API_BASE) | tar -x -C "$$old" && \
	for dir in $(LIBRARIES); do \
		module=$$(cd $$dir && GOWORK=off go list -m) && echo "$$module:" && \
		(cd "$$old/$$dir" && $(TOOL) apidiff -m -w "$$old/api" $$module) && \
		(cd $$dir && $(TOOL) apidiff -m "$$old/api" $$module) || exit 1; \
	done
