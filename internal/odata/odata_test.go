package odata

import (
	"errors"
	"strings"
	"testing"
)

const trips = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="Trips" Alias="T" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EnumType Name="Gender"><Member Name="Male"/><Member Name="Female"/></EnumType>
      <ComplexType Name="City"><Property Name="Name" Type="Edm.String"/><Property Name="Region" Type="T.Region"/></ComplexType>
      <ComplexType Name="Region" OpenType="true"/>
      <EntityType Name="Person">
        <Key><PropertyRef Name="UserName"/></Key>
        <Property Name="UserName" Type="Edm.String" Nullable="false"/>
        <Property Name="Age" Type="Edm.Int64"/>
        <Property Name="Gender" Type="T.Gender"/>
        <Property Name="Emails" Type="Collection(Edm.String)"/>
        <Property Name="Home" Type="Trips.City"/>
        <NavigationProperty Name="Friends" Type="Collection(Trips.Person)"/>
        <NavigationProperty Name="Trips" Type="Collection(Trips.Trip)"/>
        <Annotation Term="Org.Something"><Collection/></Annotation>
      </EntityType>
      <EntityType Name="Employee" BaseType="Trips.Person"><Property Name="Cost" Type="Edm.Decimal"/></EntityType>
      <EntityType Name="Trip"><Key><PropertyRef Name="Id"/><PropertyRef Name="Year"/></Key><Property Name="Id" Type="Edm.Int32"/><Property Name="Year" Type="Edm.Int32"/><Property Name="Budget" Type="Edm.Single"/><Property Name="Start" Type="Edm.DateTimeOffset"/></EntityType>
      <EntityType Name="Airline"><Key><PropertyRef Name="Code"/></Key><Property Name="Code" Type="Edm.String"/></EntityType>
      <Function Name="Nearest"><Parameter Name="lat" Type="Edm.Double"/><Parameter Name="lon" Type="Edm.Double"/><ReturnType Type="Collection(Trips.Airline)"/></Function>
      <Function Name="Nearest"><ReturnType Type="Trips.Airline"/></Function>
      <Function Name="Favourite" IsBound="true"><Parameter Name="person" Type="Trips.Person"/><ReturnType Type="Trips.Airline"/></Function>
      <Action Name="Share" IsBound="true"><Parameter Name="person" Type="Trips.Person"/></Action>
      <Action Name="Reset"/>
      <EntityContainer Name="Container">
        <EntitySet Name="People" EntityType="Trips.Person"/>
        <EntitySet Name="Trips" EntityType="T.Trip"/>
        <EntitySet Name="Airlines" EntityType="Trips.Airline"/>
        <Singleton Name="Me" Type="Trips.Person"/>
        <FunctionImport Name="GetNearest" Function="Trips.Nearest"/>
        <ActionImport Name="ResetAll" Action="Trips.Reset"/>
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>`

func read(t testing.TB, doc string) *Model {
	t.Helper()
	m, err := Read([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The operations of a service follow from its metadata by one rule.
func TestOperations(t *testing.T) {
	t.Parallel()
	var got []string
	for _, o := range read(t, trips).Operations() {
		got = append(got, o.Method+" "+o.Template)
	}
	want := `GET /
GET /$metadata
POST /$batch
GET /People
POST /People
GET /People/$count
GET /People({key})
PATCH /People({key})
PUT /People({key})
DELETE /People({key})
GET /People({key})/*
POST /People({key})/*
PATCH /People({key})/*
PUT /People({key})/*
DELETE /People({key})/*
GET /Trips`
	if text := strings.Join(got, "\n"); !strings.HasPrefix(text, want+"\n") {
		t.Errorf("the operations are\n%s", text)
	}
	for _, o := range []string{"GET /Me", "PATCH /Me", "PUT /Me", "GET /Me/*", "GET /GetNearest(lat={lat},lon={lon})", "GET /GetNearest()", "POST /ResetAll"} {
		if !strings.Contains(strings.Join(got, "\n")+"\n", o+"\n") {
			t.Errorf("%s is missing", o)
		}
	}
	if strings.Contains(strings.Join(got, "\n"), "DELETE /Me\n") {
		t.Error("a singleton can be deleted")
	}
}

func TestWhatIsNoMetadataIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{trips, "", "the document is empty"},
		{trips, `{"$Version":"4.0"}`, "metadata in JSON is not supported"},
		{trips, `<html/>`, "line 1, column 1: the root element of metadata is edmx:Edmx, not 'html'"},
		{trips, `<Edmx Version="4.0">`, "it is not well-formed XML"},
		{trips, `<!DOCTYPE a [<!ENTITY b "c">]><Edmx Version="4.0"/>`, "document type definition"},
		{trips, `<Edmx Version="4.0"/>`, "no EntityContainer"},
		{trips, `<Edmx Version="4.0">` + strings.Repeat("<a>", 60), "in one another"},
		{trips, strings.Repeat(" ", MaxDocument+1), "are allowed"},
		{`Edmx Version="4.0"`, `Edmx Version="1.0"`, "version '1.0' is not supported; use that of OData 4.0 or 4.01"},
		{`Type="T.Region"`, `Type="T.Nothing"`, "line 6, column 73: the type 'Trips.Nothing' of property 'Region' is not declared"},
		{`EntityType="Trips.Airline"`, `EntityType="Trips.City"`, "the entity type 'Trips.City' of 'Airlines' is not declared"},
		{`EntityType Name="Person"`, `EntityType Name="Person" BaseType="Trips.Employee"`, "derives from itself"},
		{`<EntitySet Name="Trips"`, `<EntitySet Name="People"`, "stands twice"},
		{`<EntitySet Name="Trips"`, `<EntitySet Name="Tr/ips"`, "is no name"},
		{`Name="lat"`, `Name="{x}"`, "is no name of a parameter"},
		{`Function="Trips.Nearest"`, `Function="Trips.Favourite"`, "is not declared"},
		{`Name="Age"`, `Name="UserName"`, "declared twice"},
	} {
		_, err := Read([]byte(strings.Replace(trips, c.from, c.to, 1)))
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s: %v, want %q", c.to, err, c.want)
		}
	}
}

func TestRequestsAreCheckedAgainstTheMetadata(t *testing.T) {
	t.Parallel()
	m := read(t, trips)
	for _, c := range []struct{ method, path, query, want string }{
		{"GET", "/", "", ""},
		{"GET", "/$metadata", "", ""},
		{"POST", "/$metadata", "", "not for POST"},
		{"GET", "/People", "", ""},
		{"GET", "/People('x')", "", ""},
		{"GET", "/People(%27o%27%27x%2Fy%27)/Home/Name", "", ""},
		{"GET", "/People(UserName='x')", "", ""},
		{"GET", "/People(Name='x')", "", "the key of 'Trips.Person' is UserName"},
		{"GET", "/People(x)", "", "'x' is no value"},
		{"GET", "/People('x',2)", "", "can't be read"},
		{"GET", "/Trips(Id=1,Year=2020)", "", ""},
		{"GET", "/Trips(1)", "", "several parts"},
		{"GET", "/People/x/Home", "", ""}, // the key as a segment
		{"GET", "/Nothing", "", "no entity set, singleton, function or action 'Nothing'"},
		{"GET", "/People('x')/Nothing", "", "no property 'Nothing'"},
		{"GET", "/People('x')/Home/Region/Anything", "", ""}, // an open type
		{"GET", "/People/$count", "", ""},
		{"GET", "/Me/$count", "", "$count is for collections"},
		{"GET", "/People('x')/Friends/$ref", "", ""},
		{"GET", "/People('x')/Age/$value", "", ""},
		{"GET", "/$metadata/x", "", "nothing can follow"},
		{"GET", "/People/Trips.Employee('x')/Cost", "", ""},
		{"GET", "/People('x')/Trips.Airline", "", "not of the type"},
		{"GET", "/People('x')/Trips.Favourite()/Code", "", ""},
		{"POST", "/People('x')/Share", "", ""},
		{"GET", "/GetNearest(lat=1.5,lon=-2)", "", ""},
		{"GET", "/GetNearest()", "", ""},
		{"GET", "/GetNearest(lat=1)", "", "takes other parameters"},
		{"POST", "/GetNearest()", "", "not for POST"},
		{"GET", "/ResetAll", "", "not for GET"},
		{"GET", "/People('x", "", "not closed"},
		{"GET", "/People", "$top=5&$skip=0&$count=true&$search=blue&own=1&$format=json", ""},
		{"GET", "/People", "$top=-1", "$top: '-1' is no number"},
		{"GET", "/People", "$count=yes", "neither true nor false"},
		{"GET", "/People", "$limit=1", "'$limit' is no query option of OData"},
		{"GET", "/People", "$top=1&$top=2", "stands twice"},
		{"GET", "/People('x')", "$top=1", "$top: it is for collections"},
		{"GET", "/People", "$select=UserName,Home/Name,*", ""},
		{"GET", "/People", "$select=Password", "$select: the type 'Trips.Person' has no property 'Password'"},
		{"GET", "/People", "$expand=Friends($select=Age;$expand=Trips($filter=Budget gt 5;$top=1)),Trips/$ref", ""},
		{"GET", "/People", "$expand=Home", "'Home' is no navigation property"},
		{"GET", "/People", "$expand=Friends($select=Nothing)", "no property 'Nothing'"},
		{"GET", "/People", "$expand=Friends($drop=1)", "'$drop' is no query option"},
		{"GET", "/People", "$orderby=Age desc,Home/Name", ""},
		{"GET", "/People", "$orderby=Nothing", "no property 'Nothing'"},
		{"GET", "/People", "$orderby=Age up", "'up' is no operator"},
		{"GET", "/People", "$filter=" + `Age gt 5 and (contains(UserName,'o''x') or not startswith(tolower(Home/Name),'a'))`, ""},
		{"GET", "/People", "$filter=Friends/any(f:f/Age lt -5 and f/Trips/all(t:t/Budget add 1 eq 2))", ""},
		{"GET", "/People", "$filter=Friends/any(f:f/Nothing eq 1)", "no property 'Nothing'"},
		{"GET", "/People", "$filter=Friends/$count gt 2 and Emails/any()", ""},
		{"GET", "/People", "$filter=Gender eq Trips.Gender'Male' and Age in (1,2,3)", ""},
		{"GET", "/People", "$filter=Gender eq Trips.Colour'Red'", "'Trips.Colour' is no type of values"},
		{"GET", "/Trips", "$filter=Start ge 2020-01-01T10:30:00Z and year(Start) eq 2020 and -Budget lt @p&@p=1", ""},
		{"GET", "/People", "$filter=isof('x') and Trips.Employee/Cost gt 1", ""},
		{"GET", "/People", "$filter=sleep(5) eq 1", "'sleep' is no function"},
		{"GET", "/People", "$filter=contains(UserName)", "contains takes other arguments"},
		{"GET", "/People", "$filter=Age gt", "a value is expected at the end"},
		{"GET", "/People", "$filter=Age gt 5 5", "an operator is expected before '5'"},
		{"GET", "/People", "$filter=Age; drop table", "an operator is expected before ';'"},
		{"GET", "/People", "$filter=Age eq 'x", "a quote is not closed"},
		{"GET", "/People", "$filter=" + strings.Repeat("(", 100) + "1" + strings.Repeat(")", 100), "nest deeper"},
		{"GET", "/People", "$filter=" + strings.Repeat("not ", 100) + "true", "nest deeper"},
		{"GET", "/People", "$filter=" + strings.Repeat("1 add ", 4000) + "1", "more than 5000 parts"},
		{"GET", "/People", "$expand=" + strings.Repeat("Friends($expand=", 80) + "Friends" + strings.Repeat(")", 80), "nest deeper"},
		{"GET", "/" + strings.Repeat("a/", 100), "", "can't be read"},
	} {
		query := strings.NewReplacer(" ", "%20", "'", "%27", "+", "%2B").Replace(c.query)
		got := ""
		if err := m.Check(c.method, c.path, query); err != nil {
			got = err.Error()
		}
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s %.60s?%.80s: %q, want %q", c.method, c.path, c.query, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(trips)
	f.Add(`<Edmx Version="4.0"><DataServices><Schema Namespace="a"><EntityContainer Name="c"/></Schema></DataServices></Edmx>`)
	f.Fuzz(func(t *testing.T, doc string) {
		m, err := Read([]byte(doc))
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
		if err == nil {
			_ = m.Operations()
			_ = m.Check("GET", "/a/b", "$select=a")
		}
	})
}

func FuzzCheck(f *testing.F) {
	for _, s := range [][2]string{{"/People('x')/Friends", "$filter=Age gt 5 and Emails/any(e:e eq 'x')"}, {"/GetNearest(lat=1,lon=2)", "$expand=Friends($select=Age;$levels=max)"}, {"/Trips(Id=1,Year=2)", "$orderby=Budget desc"}} {
		f.Add(s[0], s[1])
	}
	m := read(f, trips)
	f.Fuzz(func(t *testing.T, path, query string) {
		if err := m.Check("GET", path, query); err != nil && err.Error() == "" {
			t.Fatal("an error without words")
		}
	})
}
