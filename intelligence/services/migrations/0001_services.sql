-- AI services: what they are, their trained versions, what they write, what they found, what people said of it.
create table services (
  id text primary key,
  tenant text not null,
  name text not null,
  description text not null default '',
  kind text not null,
  -- whose signals it reads and writes, and where access to it is granted
  equipment text not null references assets (id) on delete cascade,
  settings jsonb not null default '{}',
  state text not null default 'draft' check (state in ('draft', 'live', 'stopped', 'fault')),
  -- what ended it while it ran: it stays off over restarts, until it is published again
  fault text,
  fault_since bigint,
  live_version int,
  -- {priority, onDelay}; null: publishing makes no rule
  alarm jsonb,
  -- the rule that publishing made
  rule text references rules (id) on delete set null,
  created_at bigint not null,
  version int not null default 1,
  check ((state = 'live') <= (live_version is not null)),
  check ((state = 'fault') = (fault is not null))
);
create unique index services_name on services (equipment, lower(name));
create index services_order on services (tenant, name, id);

create table service_versions (
  service text not null references services (id) on delete cascade,
  number int not null,
  tenant text not null,
  state text not null check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled')),
  origin text not null check (origin in ('training', 'upload')),
  trained_from bigint,
  trained_to bigint,
  settings jsonb not null,
  -- {step, inputs}: what a scorer of it is fed with; null until its history was read
  plan jsonb,
  report jsonb,
  failure text,
  -- in the artifact store
  sha256 text,
  size bigint,
  created_at bigint not null,
  created_by text not null,
  finished_at bigint,
  primary key (service, number),
  check ((state = 'ready') <= (sha256 is not null and plan is not null))
);
create index service_versions_open on service_versions (state) where state in ('waiting', 'running');
create index service_versions_artifact on service_versions (sha256);

-- The signals that a service made for its results: they stay its own when they or it are renamed.
create table service_outputs (
  service text not null references services (id) on delete cascade,
  tenant text not null,
  name text not null,
  signal text not null references signals (id) on delete cascade,
  primary key (service, name)
);
create unique index service_outputs_signal on service_outputs (signal);

create table service_jobs (
  id text primary key,
  service text not null references services (id) on delete cascade,
  tenant text not null,
  type text not null check (type in ('recompute')),
  number int not null,
  "from" bigint not null,
  "to" bigint not null,
  state text not null check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled')),
  written bigint not null default 0,
  failure text,
  created_at bigint not null,
  created_by text not null,
  finished_at bigint
);
create index service_jobs_order on service_jobs (service, id desc);

create table service_episodes (
  id text primary key,
  service text not null references services (id) on delete cascade,
  tenant text not null,
  number int not null,
  "from" bigint not null,
  -- null: it goes on
  "to" bigint,
  peak double precision not null,
  peak_at bigint not null,
  explanation text not null,
  -- [{name, share}], largest first
  signals jsonb not null,
  -- the earlier one it is most like
  similar_to text references service_episodes (id) on delete set null,
  likeness double precision
);
create unique index service_episodes_from on service_episodes (service, "from");

create table service_labels (
  id text primary key,
  service text not null references services (id) on delete cascade,
  tenant text not null,
  episode text references service_episodes (id) on delete set null,
  "from" bigint not null,
  "to" bigint not null,
  verdict text not null check (verdict in ('right', 'wrong', 'other')),
  what text not null default '',
  by text not null,
  at bigint not null,
  check ("from" < "to")
);
create unique index service_labels_episode on service_labels (episode) where episode is not null;
create index service_labels_order on service_labels (service, at desc, id desc);

alter table services enable row level security;
alter table services force row level security;
create policy tenant_rows on services
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table service_versions enable row level security;
alter table service_versions force row level security;
create policy tenant_rows on service_versions
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table service_outputs enable row level security;
alter table service_outputs force row level security;
create policy tenant_rows on service_outputs
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table service_jobs enable row level security;
alter table service_jobs force row level security;
create policy tenant_rows on service_jobs
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table service_episodes enable row level security;
alter table service_episodes force row level security;
create policy tenant_rows on service_episodes
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
alter table service_labels enable row level security;
alter table service_labels force row level security;
create policy tenant_rows on service_labels
  using (tenant = current_setting('app.tenant', true)) with check (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on services, service_versions, service_outputs, service_jobs, service_episodes,
  service_labels to millwright_app;
