package policies

import "github.com/atelier-apim/atelier/internal/policy"

// Choose runs the policies of the first branch whose condition is true.
var Choose = policy.Spec{
	Name:     "choose",
	Doc:      "Runs the policies of the first when whose condition is true, else those of otherwise.",
	Sections: policy.AnySection,
	Scopes:   policy.AnyScope,
	Shape: policy.Element(
		policy.Child("when",
			policy.Attr("condition", policy.Bool).Required().Expr().Doc("A boolean expression, or true or false."),
			policy.Policies(),
		).Required().Many(),
		policy.Child("otherwise", policy.Policies()),
	),
	Compile: compileChoose,
}

// branch is one when.
type branch struct {
	condition policy.BoolValue
	body      policy.Block
}

func compileChoose(a *policy.Args) (policy.Step, error) {
	var branches []branch
	for _, when := range a.All("when") {
		branches = append(branches, branch{when.Bool("condition"), when.Body()})
	}
	var otherwise policy.Block
	if o := a.One("otherwise"); o != nil {
		otherwise = o.Body()
	}
	return func(x *policy.Exchange) error {
		for i := range branches {
			holds, err := branches[i].condition.Get(x)
			if err != nil {
				return err
			}
			if holds {
				return branches[i].body.Run(x)
			}
		}
		return otherwise.Run(x)
	}, nil
}
