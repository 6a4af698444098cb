package sample

import (
	"net/http"
	"strings"
)

type product struct {
	SKU         string `json:"sku"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Category    string `json:"category"`
	Price       int    `json:"price"` // in the smallest unit of the currency
	Currency    string `json:"currency"`
	InStock     int    `json:"inStock"`
}

type category struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Products int    `json:"products"`
}

// products are what the shop sells, by name.
var products = []product{
	{"tea-assam-250", "Assam tea", "Strong and malty, 250 g.", "tea", 1150, "EUR", 64},
	{"cup-blue", "Blue cup", "Stoneware, 300 ml.", "tableware", 1490, "EUR", 33},
	{"tea-chai-100", "Chai", "Black tea with spices, 100 g.", "tea", 990, "EUR", 18},
	{"coffee-decaf-500", "Decaf coffee", "Swiss water process, 500 g.", "coffee", 1390, "EUR", 27},
	{"coffee-espresso-500", "Espresso", "Dark roast, 500 g.", "coffee", 1290, "EUR", 85},
	{"tea-green-100", "Green tea", "Sencha from Shizuoka, 100 g.", "tea", 890, "EUR", 120},
	{"cup-green", "Green cup", "Stoneware, 300 ml.", "tableware", 1490, "EUR", 0},
}

var categoryNames = []category{{ID: "coffee", Name: "Coffee"}, {ID: "tableware", Name: "Tableware"}, {ID: "tea", Name: "Tea"}}

func catalogRoutes() routes {
	return routes{
		"GET /products":        listProducts,
		"GET /products/search": searchProducts,
		"GET /products/{sku}":  getProduct,
		"GET /categories":      listCategories,
	}
}

func listProducts(w http.ResponseWriter, r *http.Request) {
	wanted := r.URL.Query().Get("category")
	paginate(w, r, productsWhere(func(p product) bool { return wanted == "" || p.Category == wanted }))
}

func productsWhere(fits func(product) bool) (found []product) {
	for _, p := range products {
		if fits(p) {
			found = append(found, p)
		}
	}
	return found
}

func searchProducts(w http.ResponseWriter, r *http.Request) {
	words := strings.Fields(strings.ToLower(r.URL.Query().Get("q")))
	if len(words) == 0 {
		refuse(w, http.StatusBadRequest, "Invalid query", "q must say what to look for.")
		return
	}
	paginate(w, r, productsWhere(func(p product) bool {
		text := strings.ToLower(p.Name + " " + p.Description)
		for _, word := range words {
			if !strings.Contains(text, word) {
				return false
			}
		}
		return true
	}))
}

func getProduct(w http.ResponseWriter, r *http.Request) {
	for _, p := range products {
		if p.SKU == r.PathValue("sku") {
			answer(w, http.StatusOK, p)
			return
		}
	}
	refuse(w, http.StatusNotFound, "Product not found", "There is no product "+r.PathValue("sku")+".")
}

func listCategories(w http.ResponseWriter, _ *http.Request) {
	all := make([]category, len(categoryNames))
	for i, c := range categoryNames {
		c.Products = len(productsWhere(func(p product) bool { return p.Category == c.ID }))
		all[i] = c
	}
	answer(w, http.StatusOK, all)
}
