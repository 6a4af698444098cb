package libxml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atelier-apim/atelier/internal/libxml"
)

// orders is a document of about the given size.
func orders(size int) []byte {
	var b strings.Builder
	b.WriteString("<orders>")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `<order id="%d"><item sku="a%d" price="%d.50">Bread and butter</item></order>`, i, i%7, i)
	}
	b.WriteString("</orders>")
	return []byte(b.String())
}

var sizes = map[string]int{"1KB": 1 << 10, "100KB": 100 << 10, "1MB": 1 << 20}

func BenchmarkTransform(b *testing.B) {
	s, err := libxml.Shared().Stylesheet(b.Context(), sheet(`<xsl:template match="/"><totals sum="{sum(//@price)}"><xsl:for-each select="//item"><t sku="{@sku}"><xsl:value-of select="@price * 2"/></t></xsl:for-each></totals></xsl:template>`))
	if err != nil {
		b.Fatal(err)
	}
	for name, size := range sizes {
		document := orders(size)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.Transform(b.Context(), document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkValidate(b *testing.B) {
	s, err := libxml.Shared().Schema(b.Context(), schemaDoc("orders.xsd", "", `<xs:element name="orders"><xs:complexType><xs:sequence><xs:element name="order" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="item" maxOccurs="unbounded"><xs:complexType><xs:simpleContent><xs:extension base="xs:token"><xs:attribute name="sku"/><xs:attribute name="price" type="xs:decimal"/></xs:extension></xs:simpleContent></xs:complexType></xs:element></xs:sequence><xs:attribute name="id" type="xs:int"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>`))
	if err != nil {
		b.Fatal(err)
	}
	for name, size := range sizes {
		document := orders(size)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := s.ValidateXML(b.Context(), document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad is what the first stylesheet of a process pays.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := libxml.New(libxml.DefaultLimits).Stylesheet(b.Context(), sheet("")); err != nil {
			b.Fatal(err)
		}
	}
}
