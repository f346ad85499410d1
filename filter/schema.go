package filter

import _ "embed"

// schema is generated from the fields by TestSchemaIsThatOfTheFields: go test
// ./filter -update.
//
//go:embed schema.json
var schema string

// Schema returns the JSON Schema (draft 2020-12) of the JSON form of a question,
// for front ends to generate types from and to check what they send. What does not
// satisfy it is refused by [ParseJSON]; what does may still be refused: the schema
// does not count levels, conditions and bytes, and takes 1.0 for a whole number.
func Schema() string { return schema }
