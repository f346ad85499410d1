module github.com/colloquy-go/colloquy/examples

go 1.26.0

require (
	github.com/colloquy-go/colloquy v0.0.0
	github.com/colloquy-go/colloquy/store/sqlstore v0.0.0
	github.com/stretchr/testify v1.12.1
)

replace (
	github.com/colloquy-go/colloquy => ../
	github.com/colloquy-go/colloquy/store/sqlstore => ../store/sqlstore
)
