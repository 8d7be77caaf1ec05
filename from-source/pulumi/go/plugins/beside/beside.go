// Package beside reads the files that lie in the folder of the running program.
package beside

import (
	"log"
	"os"
	"path/filepath"
)

// Read returns the whole content, and ends the program when there is none: a plug-in cannot work without it.
func Read(name string) []byte {
	program, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(filepath.Dir(program), name))
	if err != nil {
		log.Fatal(err)
	}
	return content
}
