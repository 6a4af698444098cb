-- Rows, what they claim and refer to, the change log, and a few facts about the database itself.
-- Keys are resource ids in lower case; everything below key k lies between k || '/' and k || '0', because '0' follows '/'.

create table resources (
    key      text primary key,
    id       text not null,
    parent   text not null,
    kind     text not null,
    kind_key text not null,
    body     text not null,
    etag     text not null,
    created  text not null,
    modified text not null
) strict;

create index resources_parent on resources (parent, kind_key, key);
create index resources_kind on resources (kind_key, key);

create table claims (
    space text not null,
    value text not null,
    owner text not null,
    field text not null,
    primary key (space, value)
) strict, without rowid;

create index claims_owner on claims (owner);

create table refs (
    from_key  text not null,
    field     text not null,
    to_key    text not null,
    to_id     text not null,
    on_delete integer not null,
    primary key (from_key, field, to_key)
) strict, without rowid;

create index refs_to on refs (to_key);

create table changes (
    seq   integer primary key,
    time  text not null,
    actor text not null,
    verb  text not null,
    id    text not null,
    kind  text not null,
    body  text not null,
    prev  text not null,
    hash  text not null
) strict;

-- head is the number and hash of the last change, so that a log cut at its end shows as well.
create table meta (
    name  text primary key,
    value text not null
) strict, without rowid;
