package oas

import "strings"

// servers are the base URLs of the document.
func (d *document) servers() (urls []string) {
	if d.version == Swagger2 {
		return d.swaggerServers()
	}
	for _, s := range d.root.list("servers") {
		url := s.text("url")
		for _, v := range s.fields("variables") {
			url = strings.ReplaceAll(url, "{"+v.key+"}", v.value.text("default"))
		}
		if url = strings.TrimSuffix(url, "/"); url != "" {
			urls = append(urls, url)
		}
	}
	return urls
}

// swaggerServers puts schemes, host and base path of Swagger 2 together, one URL a scheme, https first.
func (d *document) swaggerServers() (urls []string) {
	host, base := d.root.text("host"), strings.TrimSuffix(d.root.text("basePath"), "/")
	if host == "" {
		if base != "" {
			return []string{base}
		}
		return nil
	}
	for _, s := range d.root.list("schemes") {
		url := s.scalar() + "://" + host + base
		switch s.scalar() {
		case "https":
			urls = append([]string{url}, urls...)
		case "http":
			urls = append(urls, url)
		}
	}
	if urls == nil {
		urls = []string{"https://" + host + base}
	}
	return urls
}
