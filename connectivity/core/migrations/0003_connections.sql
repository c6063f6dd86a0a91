-- Configured connections, edge agents, and which devices are theirs.
alter table devices
  -- the connection whose device it is, or behind whose device it stands
  add column of_connection text,
  -- what the gateway or connection that speaks for it calls it: it is found by this, also when people rename it
  add column behind_name text;
update devices set behind_name = name where behind is not null;
create unique index devices_behind_name on devices (behind, lower(behind_name));
create index devices_of_connection on devices (of_connection);

create table agents (
  -- an edge agent is a device
  device text primary key references devices (id) on delete cascade,
  tenant text not null,
  settings jsonb not null default '{}',
  -- goes up with each change of what the agent is to do
  configuration int not null default 1,
  -- of the rules it was last given: a changed rule that is not its own makes no new configuration
  rules_digest text not null default '',
  version int not null default 1
);
create index agents_list on agents (tenant, device);

create table connections (
  id text primary key,
  tenant text not null,
  name text not null,
  adapter text not null,
  -- null: it runs in the platform
  agent text references agents (device),
  device text not null references devices (id),
  enabled boolean not null,
  config jsonb not null,
  -- the configuration's secrets by their paths, sealed
  secrets text,
  -- paths of the secrets that are set
  secret_paths text[] not null default '{}',
  created_at bigint not null,
  version int not null default 1
);
create unique index connections_device on connections (device);
create index connections_list on connections (tenant, id);
create index connections_agent on connections (agent);

alter table agents enable row level security;
alter table agents force row level security;
create policy tenant_rows on agents
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table connections enable row level security;
alter table connections force row level security;
create policy tenant_rows on connections
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));

grant select, insert, update, delete on agents, connections to millwright_app;
