module github.com/colloquy-go/colloquy/store/sqlstore

go 1.26.0

require github.com/colloquy-go/colloquy v0.0.0

replace github.com/colloquy-go/colloquy => ../..
