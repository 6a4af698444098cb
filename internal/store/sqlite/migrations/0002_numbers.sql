-- Long texts stand once: rows get numbers, which claims and references name, and keys of parents, kinds and spaces of claims become words. A new
-- row then goes to the end of most tables, where the page at hand is the one that the row before it went to.

create table words (
    number integer primary key,
    text   text not null unique
) strict;

-- Kinds and spaces of claims are marked, so that no key of a parent looks like one.
insert into words (text)
select parent from resources union select 'kind ' || kind_key from resources union select 'space ' || space from claims;

create table rows (
    number   integer primary key,
    key      text not null unique,
    id       text not null,
    parent   integer not null,
    rest     text not null, -- of the key, behind the parent's
    kind     text not null,
    kind_key integer not null,
    body     text not null,
    etag     text not null,
    created  text not null,
    modified text not null
) strict;

insert into rows (key, id, parent, rest, kind, kind_key, body, etag, created, modified)
select r.key, r.id, p.number, substr(r.key, length(r.parent) + 1), r.kind, k.number, r.body, r.etag, r.created, r.modified
from resources r join words p on p.text = r.parent join words k on k.text = 'kind ' || r.kind_key order by r.key;

create table held (
    space integer not null,
    value text not null,
    owner integer not null,
    field text not null,
    primary key (space, value)
) strict, without rowid;

insert into held (space, value, owner, field)
select w.number, c.value, r.number, c.field from claims c join words w on w.text = 'space ' || c.space join rows r on r.key = c.owner;

create table pointers (
    from_row  integer not null,
    field     text not null,
    to_key    text not null,
    to_id     text not null,
    on_delete integer not null,
    primary key (from_row, field, to_key)
) strict, without rowid;

insert into pointers (from_row, field, to_key, to_id, on_delete)
select r.number, f.field, f.to_key, f.to_id, f.on_delete from refs f join rows r on r.key = f.from_key;

drop table claims;
drop table refs;
drop table resources;

alter table rows rename to resources;
alter table held rename to claims;
alter table pointers rename to refs;

create index resources_parent on resources (parent, kind_key, rest);
create index resources_kind on resources (kind_key);
create index claims_owner on claims (owner);
create index refs_to on refs (to_key);
