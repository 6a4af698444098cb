package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// shortLog prints the gateways' JSON log lines short and readable, for people at a terminal: atelier dev writes through it.
type shortLog struct {
	to   io.Writer
	mu   sync.Mutex
	rest []byte // a line that is not whole yet
}

// logLine is what a short line is made of.
type logLine struct {
	Time                               time.Time
	Kind, Gateway, Workspace           string
	API, Operation, Method, Path       string
	Status                             int
	Duration                           float64 // milliseconds
	ErrorSource, ErrorReason           string
	ErrorMessage                       string
	Source, Severity, Message, Request string
	ActivityID                         string
	Namespace, Name                    string
	Value                              float64
	Dimensions                         map[string]string
}

func (l *shortLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		if _, err := l.to.Write(short(line)); err != nil {
			return 0, err
		}
		l.rest = append(l.rest[:0], rest...)
	}
}

// short is a log line for reading; one that isn't ours stays as it is.
func short(line []byte) []byte {
	var v logLine
	if err := json.Unmarshal(line, &v); err != nil || v.Kind == "" {
		return append(bytes.Clone(line), '\n')
	}
	at := v.Time.Local().Format("15:04:05.000")
	if v.Kind == "trace" {
		return fmt.Appendf(nil, "%s trace %-11s %s: %s\n", at, v.Severity, v.Source, v.Message)
	}
	if v.Kind == "metric" {
		return fmt.Appendf(nil, "%s metric %s/%s %v %v\n", at, v.Namespace, v.Name, v.Value, v.Dimensions)
	}
	who := v.Gateway
	if v.Workspace != "" {
		who += "/" + v.Workspace
	}
	out := fmt.Appendf(nil, "%s %d %-6s %s  %s %s  %.1f ms", at, v.Status, v.Method, v.Path, who, v.Operation, v.Duration)
	if v.ErrorSource != "" {
		out = fmt.Appendf(out, "  %s: %s (%s)", v.ErrorSource, v.ErrorMessage, v.ActivityID)
	}
	return append(out, '\n')
}
