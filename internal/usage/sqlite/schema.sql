-- A home that is forgotten loses its row here; its sums are told to nobody from then on, and go with the next compaction.
create table homes (
    id        integer primary key,
    service   text not null,
    workspace text not null,
    unique (service, workspace)
) strict;

-- start and width are seconds; times are microseconds.
create table sums (
    home          integer not null,
    start         integer not null,
    width         integer not null,
    api           text not null,
    operation     text not null,
    product       text not null,
    subscription  text not null,
    user          text not null,
    gateway       text not null,
    region        text not null,
    success       integer not null,
    blocked       integer not null,
    failed        integer not null,
    other         integer not null,
    bytes         integer not null,
    hits          integer not null,
    misses        integer not null,
    total_n       integer not null,
    total_sum     integer not null,
    total_min     integer not null,
    total_max     integer not null,
    backend_n     integer not null,
    backend_sum   integer not null,
    backend_min   integer not null,
    backend_max   integer not null,
    primary key (home, start, width, api, operation, product, subscription, user, gateway, region)
) strict, without rowid;
