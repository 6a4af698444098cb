-- Every statement that runs after start, each under the name that the code calls it by.
-- Bodies are texts, and go in and out as bytes, which is what they are in memory.
-- Ranges come as (key, low, high): the key itself, or what is greater than low and less than high. Words come as texts where somebody reads, and as
-- numbers where the writer, who knows them, writes.

-- name: get
select number, id, kind, cast(body as blob), etag, created, modified from resources where key = $1

-- name: list-children
select number, id, kind, cast(body as blob), etag, created, modified from resources
where parent = (select number from words where text = $1) and rest > $2 order by rest limit $3 offset $4

-- name: list-children-of-kind
select number, id, kind, cast(body as blob), etag, created, modified from resources
where parent = (select number from words where text = $1) and kind_key = (select number from words where text = 'kind ' || $2) and rest > $3
order by rest limit $4 offset $5

-- name: list-under
select number, id, kind, cast(body as blob), etag, created, modified from resources
where key > $1 and key < $2 order by key limit $3 offset $4

-- name: list-under-of-kind
select number, id, kind, cast(body as blob), etag, created, modified from resources indexed by resources_kind
where kind_key = (select number from words where text = 'kind ' || $1) and key > $2 and key < $3 order by key limit $4 offset $5

-- name: each-of-kind
select number, id, kind, cast(body as blob), etag, created, modified from resources where kind_key = (select number from words where text = 'kind ' || $1)

-- name: count-children
select count(*) from resources where parent = (select number from words where text = $1)

-- name: count-children-of-kind
select count(*) from resources
where parent = (select number from words where text = $1) and kind_key = (select number from words where text = 'kind ' || $2)

-- name: count-under
select count(*) from resources where key > $1 and key < $2

-- name: count-under-of-kind
select count(*) from resources indexed by resources_kind
where kind_key = (select number from words where text = 'kind ' || $1) and key > $2 and key < $3

-- name: claimed
select r.id from claims c join resources r on r.number = c.owner where c.space = (select number from words where text = 'space ' || $1) and c.value = $2

-- name: referrers
select r.id, f.to_id, f.field, f.on_delete from refs f join resources r on r.number = f.from_row
where (f.to_key = $1 or (f.to_key > $2 and f.to_key < $3)) and r.key <> $1 and not (r.key > $2 and r.key < $3)
order by r.key, f.field, f.to_key

-- name: word
select number from words where text = $1

-- name: put-word
insert into words (text) values ($1)

-- No index holds these columns. One that holds a column which is set would be written again even where its value stays.
-- name: update-resource
update resources set body = cast($2 as text), etag = $3, created = $4, modified = $5 where number = $1

-- name: rename-resource
update resources set kind = $2, kind_key = $3, id = $4 where number = $1

-- name: insert-resource
insert into resources (key, id, parent, rest, kind, kind_key, body, etag, created, modified)
values ($1, $2, $3, $4, $5, $6, cast($7 as text), $8, $9, $10)

-- What a row claims, marked -1, and refers to, marked with its fate.
-- name: promises-of
select -1, substr(w.text, 7), c.value, c.field from claims c join words w on w.number = c.space where c.owner = $1
union all select on_delete, to_id, '', field from refs where from_row = $1

-- name: drop-claims
delete from claims where owner = $1

-- name: put-claim
insert into claims (space, value, owner, field) values ($1, $2, $3, $4)
on conflict (space, value) do update set field = excluded.field where owner = excluded.owner

-- name: drop-refs
delete from refs where from_row = $1

-- name: put-ref
insert into refs (from_row, field, to_key, to_id, on_delete) values ($1, $2, $3, $4, $5)
on conflict (from_row, field, to_key) do update set to_id = excluded.to_id, on_delete = excluded.on_delete

-- name: delete-claims
delete from claims where owner in (select number from resources where key = $1 or (key > $2 and key < $3))

-- name: delete-refs
delete from refs where from_row in (select number from resources where key = $1 or (key > $2 and key < $3))

-- name: delete-resources
delete from resources where key = $1 or (key > $2 and key < $3)

-- Only keys of parents lie in such a range, and their children are gone.
-- name: delete-words
delete from words where text = $1 or (text > $2 and text < $3)

-- name: log
insert into changes (seq, time, actor, verb, id, kind, body, prev, hash) values ($1, $2, $3, $4, $5, $6, cast($7 as text), $8, $9)

-- name: last-change
select seq, hash from changes order by seq desc limit 1

-- name: changes
select seq, time, actor, verb, id, kind, cast(body as blob), prev, hash from changes where seq > $1 order by seq limit $2

-- name: head
select value from meta where name = 'head'

-- name: put-head
insert into meta (name, value) values ('head', $1) on conflict (name) do update set value = excluded.value

-- name: checkpoint
pragma wal_checkpoint(passive)
