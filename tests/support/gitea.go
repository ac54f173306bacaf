// Who owns what by a CODEOWNERS file of Gitea or Forgejo, by what these run: Go's regexp, and regexp2.
//
// Each request is a line with the engine (re2 or regexp2), the length of a file in bytes and the number
// of paths, then the file, then each path, with its length on a line before it. Each answer has a line
// for each path: the owners of each line that matches, with U+001F between the lines. It is U+001E if an
// expression takes too long, which Gitea does not wait for, either.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2"
)

type rule struct {
	negated bool
	matches func(string) (bool, error)
	owners  []string
}

func tokens(line string) []string {
	var all []string
	token, escaped := "", false
	for _, character := range strings.ReplaceAll(strings.TrimSpace(line), "\t", " ") {
		switch {
		case escaped:
			token += string(character)
			escaped = false
		case character == '\\':
			escaped = true
		case character == '#':
			if token != "" {
				all = append(all, token)
			}
			return all
		case character == ' ':
			if token != "" {
				all = append(all, token)
			}
			token = ""
		default:
			token += string(character)
		}
	}
	if token != "" {
		all = append(all, token)
	}
	return all
}

func compile(engine, expression string) func(string) (bool, error) {
	if engine == "re2" {
		compiled, err := regexp.Compile(expression)
		if err != nil {
			return nil
		}
		return func(path string) (bool, error) { return compiled.MatchString(path), nil }
	}
	compiled, err := regexp2.Compile(expression, regexp2.None)
	if err != nil {
		return nil
	}
	compiled.MatchTimeout = 100 * time.Millisecond
	return compiled.MatchString
}

func read(engine, text string) []rule {
	var rules []rule
	for _, line := range strings.Split(text, "\n") {
		words := tokens(line)
		if len(words) < 2 {
			continue
		}
		expression := strings.TrimPrefix(words[0], "!")
		if engine != "re2" {
			expression = strings.TrimPrefix(expression, "/")
		}
		matches := compile(engine, "^"+expression+"$")
		var owners []string
		for _, word := range words[1:] {
			name := strings.TrimPrefix(word, "@")
			if !strings.Contains(name, "@") {
				owners = append(owners, "@"+name)
			}
		}
		if matches != nil && len(owners) > 0 {
			rules = append(rules, rule{strings.HasPrefix(words[0], "!"), matches, owners})
		}
	}
	return rules
}

func main() {
	in, out := bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)
	take := func(length int) string {
		text := make([]byte, length)
		if _, err := io.ReadFull(in, text); err != nil {
			panic(err)
		}
		return string(text)
	}
	for {
		var engine string
		var length, count int
		header, err := in.ReadString('\n')
		if err != nil {
			return
		}
		fmt.Sscan(header, &engine, &length, &count)
		rules := read(engine, take(length))
		for ; count > 0; count-- {
			size, _ := in.ReadString('\n')
			fmt.Sscan(size, &length)
			path := take(length)
			var found []string
			for _, rule := range rules {
				matches, err := rule.matches(path)
				if err != nil {
					found = []string{"\x1e"}
					break
				}
				if matches != rule.negated {
					found = append(found, strings.Join(rule.owners, " "))
				}
			}
			fmt.Fprintln(out, strings.Join(found, "\x1f"))
		}
		out.Flush()
	}
}
