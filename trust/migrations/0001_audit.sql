-- Who did what, one hash chain per tenant. Rows are only ever added.
create table audit_entries (
  tenant text not null,
  sequence bigint not null check (sequence > 0),
  time bigint not null,
  actor_kind text not null check (actor_kind in ('user', 'token', 'device', 'system')),
  actor text not null,
  actor_name text not null,
  action text not null,
  target text not null,
  detail jsonb not null,
  address text,
  previous text not null,
  hash text not null,
  primary key (tenant, sequence)
);
create index audit_entries_target on audit_entries (tenant, target, sequence);
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy tenant_rows on audit_entries using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
grant select, insert on audit_entries to millwright_app;

-- The end of each chain, kept apart from it: entries cut off the end are missed. Written by the trigger alone.
create table audit_heads (
  tenant text not null primary key,
  sequence bigint not null,
  hash text not null
);
alter table audit_heads enable row level security;
alter table audit_heads force row level security;
create policy tenant_rows on audit_heads using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
grant select on audit_heads to millwright_app;

-- Runs as the owner, because the plain role may not write heads; refuses an entry that does not follow the head.
create function audit_move_head() returns trigger language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  head audit_heads%rowtype;
begin
  select * into head from audit_heads where tenant = new.tenant for update;
  if not found then
    head.sequence := 0;
    head.hash := repeat('0', 64);
  end if;
  if new.sequence <> head.sequence + 1 or new.previous <> head.hash then
    raise exception 'audit entry % does not follow the head %', new.sequence, head.sequence;
  end if;
  insert into audit_heads (tenant, sequence, hash) values (new.tenant, new.sequence, new.hash)
    on conflict (tenant) do update set sequence = excluded.sequence, hash = excluded.hash;
  return new;
end $$;
create trigger audit_entries_head before insert on audit_entries for each row execute function audit_move_head();

create function audit_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_entries_fixed before update or delete on audit_entries
  for each row execute function audit_refuse_change();
create trigger audit_entries_kept before truncate on audit_entries
  for each statement execute function audit_refuse_change();
