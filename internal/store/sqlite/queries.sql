-- Every statement that runs after start, each under the name that the code calls it by.
-- Ranges come as (key, low, high): the key itself, or what is greater than low and less than high.

-- name: get
select id, kind, body, etag, created, modified from resources where key = $1

-- name: list-children
select id, kind, body, etag, created, modified from resources
where parent = $1 and key > $2 order by key limit $3 offset $4

-- name: list-children-of-kind
select id, kind, body, etag, created, modified from resources
where parent = $1 and kind_key = $2 and key > $3 order by key limit $4 offset $5

-- name: list-under
select id, kind, body, etag, created, modified from resources
where key > $1 and key < $2 order by key limit $3 offset $4

-- name: list-under-of-kind
select id, kind, body, etag, created, modified from resources
where kind_key = $1 and key > $2 and key < $3 order by key limit $4 offset $5

-- name: count-children
select count(*) from resources where parent = $1

-- name: count-children-of-kind
select count(*) from resources where parent = $1 and kind_key = $2

-- name: count-under
select count(*) from resources where key > $1 and key < $2

-- name: count-under-of-kind
select count(*) from resources where kind_key = $1 and key > $2 and key < $3

-- name: claimed
select r.id from claims c join resources r on r.key = c.owner where c.space = $1 and c.value = $2

-- name: referrers
select r.id, f.to_id, f.field, f.on_delete from refs f join resources r on r.key = f.from_key
where (f.to_key = $1 or (f.to_key > $2 and f.to_key < $3))
  and f.from_key <> $1 and not (f.from_key > $2 and f.from_key < $3)
order by f.from_key, f.field, f.to_key

-- name: update-resource
update resources set id = $3, body = $4, etag = $5, created = $6, modified = $7 where key = $1 and kind = $2

-- name: insert-resource
insert into resources (key, id, parent, kind, kind_key, body, etag, created, modified)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: drop-resource
delete from resources where key = $1

-- name: claims-of
select space, value, field from claims where owner = $1

-- name: refs-of
select to_id, field, on_delete from refs where from_key = $1

-- name: drop-claims
delete from claims where owner = $1

-- name: put-claim
insert into claims (space, value, owner, field) values ($1, $2, $3, $4)
on conflict (space, value) do update set field = excluded.field where owner = excluded.owner

-- name: drop-refs
delete from refs where from_key = $1

-- name: put-ref
insert into refs (from_key, field, to_key, to_id, on_delete) values ($1, $2, $3, $4, $5)
on conflict (from_key, field, to_key) do update set to_id = excluded.to_id, on_delete = excluded.on_delete

-- name: delete-resources
delete from resources where key = $1 or (key > $2 and key < $3)

-- name: delete-claims
delete from claims where owner = $1 or (owner > $2 and owner < $3)

-- name: delete-refs
delete from refs where from_key = $1 or (from_key > $2 and from_key < $3)

-- name: log
insert into changes (seq, time, actor, verb, id, kind, body, prev, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- name: last-change
select seq, hash from changes order by seq desc limit 1

-- name: changes
select seq, time, actor, verb, id, kind, body, prev, hash from changes where seq > $1 order by seq limit $2

-- name: head
select value from meta where name = 'head'

-- name: put-head
insert into meta (name, value) values ('head', $1) on conflict (name) do update set value = excluded.value
