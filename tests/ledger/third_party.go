// Checks an exported log with Go's own x/mod implementation of signed notes and tree proofs, which is not ours.
//
// Arguments: folder of the export, verifier key. Standard input: lines "inclusion INDEX SIZE ROOT LEAF HASH…" and
// "consistency OLD NEW OLDROOT NEWROOT HASH…", hashes in hexadecimal. Prints the note's name and text, then a verdict
// per line.
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func hash(text string) (h tlog.Hash) {
	data, err := hex.DecodeString(text)
	must(err)
	copy(h[:], data)
	return h
}

func main() {
	message, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	must(err)
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	opened, err := note.Open(message, note.VerifierList(verifier))
	must(err)
	fmt.Printf("%s %d\n%s", opened.Sigs[0].Name, len(opened.UnverifiedSigs), opened.Text)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		first, err := strconv.ParseInt(words[1], 10, 64)
		must(err)
		second, err := strconv.ParseInt(words[2], 10, 64)
		must(err)
		var path []tlog.Hash
		for _, word := range words[5:] {
			path = append(path, hash(word))
		}
		if words[0] == "inclusion" {
			err = tlog.CheckRecord(path, second, hash(words[3]), first, hash(words[4]))
		} else {
			err = tlog.CheckTree(path, second, hash(words[4]), first, hash(words[3]))
		}
		fmt.Println(err == nil)
	}
}
