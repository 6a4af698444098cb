# `make` lists the targets. Everything that a target needs and the machine lacks is installed first (as root, from Debian, npm and the Go proxy).
SHELL := /bin/bash
.DEFAULT_GOAL := help

export CGO_ENABLED ?= 0
GO ?= go
DATA ?= data
ROOMS_WITHOUT_DATABASE = ./internal ./internal/arm/... ./internal/kind/... ./internal/authz/... ./internal/expr/... ./internal/policy/... \
	./internal/snapshot/... ./internal/route/... ./internal/counter/... ./internal/cache/... ./internal/oas/... ./internal/libxml/... ./internal/seal/... ./internal/egress/... ./internal/sample/...
RACED = ./internal/authz/... ./internal/control/... ./internal/gateway/... ./internal/counter/... ./internal/cache/... ./internal/publish/...
FUZZTIME ?= 20s

.PHONY: help run build web test check golden fuzz bench xml oracle clean-data lines corpus

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

run: build ## build everything and start one process with a sample organisation
	@tools/need curl
	bin/atelier dev --data $(DATA)

build: web ## build bin/atelier, one static binary with the web pages inside
	$(GO) build -trimpath -ldflags '-s -w' -o bin/atelier ./cmd/atelier

web: web/dist/.built

web/node_modules/.installed: web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/.built: web/node_modules/.installed $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f \( -name '*.ts' -o -name '*.tsx' -o -name '*.json' -o -name '*.html' \) -print)
	cd web && npm run --silent build
	@touch $@

check: web/node_modules/.installed ## format, vet, staticcheck, house rules, and tests of the rooms that need no database
	@tools/check-format
	$(GO) vet ./...
	$(GO) tool -modfile=tools/go.mod staticcheck ./...
	$(GO) test $(ROOMS_WITHOUT_DATABASE)
	cd web && npm run --silent check

test/js/node_modules/.installed: test/js/package-lock.json
	cd test/js && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

test: build test/js/node_modules/.installed ## every test: all rooms, raced ones, official clients against a started binary, pages in Chromium
	@tools/need curl gcc chromium pg_ctlcluster=postgresql
	$(GO) test $$($(GO) list ./... | grep -v /test/)
	$(GO) test -count=1 ./test/...
	CGO_ENABLED=1 $(GO) test -race $(RACED)
	cd test/compat && $(GO) test -count=1 ./...
	cd test/js && npm run --silent test
	cd web && npm run --silent flows

golden: ## rewrite golden files; commit a rewrite only if you can explain it
	tools/golden
	cd test/compat && $(GO) test ./... -run Golden -count=1 -update

fuzz: ## fuzz every parser for FUZZTIME each
	tools/fuzz $(FUZZTIME)

bench: ## measure what docs/performance.md states
	tools/bench

xml: ## rebuild the XML engine (internal/libxml/module) from Debian's sources of libxml2 and libxslt
	tools/xml

oracle: ## ask Microsoft's C# compiler and a .NET runtime what test/oracle's expressions give (installs both), and write down the vectors
	tools/oracle $(DIR)

clean-data: ## forget the sample organisation
	rm -rf $(DATA)

lines: ## count lines of code and tests by room
	tools/lines

corpus: ## measure the loader on published policies that DIR holds (see test/corpus)
	$(GO) run ./test/corpus $(if $(LIST),-list) "$(DIR)"
