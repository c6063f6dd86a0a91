-- Rules, the alarms they raise, and the journal of every transition.
create table rules (
  id text primary key,
  tenant text not null,
  name text not null,
  description text not null default '',
  equipment_class text,
  equipment text,
  condition text not null,
  clear_condition text,
  on_delay bigint not null default 0 check (on_delay >= 0),
  off_delay bigint not null default 0 check (off_delay >= 0),
  priority text not null check (priority in ('critical', 'high', 'medium', 'low')),
  latching boolean not null default false,
  message text not null default '',
  response text not null default '',
  enabled boolean not null default true,
  created_at bigint not null,
  version int not null default 1,
  check ((equipment_class is null) <> (equipment is null))
);
create unique index rules_name on rules (tenant, lower(name), coalesce(equipment_class, equipment));
create index rules_order on rules (tenant, name, id);

create table alarms (
  id text primary key,
  tenant text not null,
  -- null once the rule is deleted; the rest of the row still says what it was
  rule text,
  rule_name text not null,
  equipment text not null,
  equipment_name text not null,
  equipment_path text[] not null,
  -- ids from the root to the equipment, for access; follows the equipment when that moves
  path text[] not null,
  priority text not null check (priority in ('critical', 'high', 'medium', 'low')),
  -- 0 critical ... 3 low: the order of lists
  rank smallint not null,
  latching boolean not null,
  state text not null
    check (state in ('normal', 'unacknowledged', 'acknowledged', 'returned-unacknowledged', 'latched')),
  message text not null,
  response text not null,
  "values" jsonb not null,
  signals text[] not null,
  signal_names text[] not null,
  raised_at bigint not null,
  returned_at bigint,
  acknowledged_at bigint,
  acknowledged_by text,
  closed_at bigint,
  simulated boolean not null,
  version int not null,
  check ((state = 'normal') = (closed_at is not null))
);
-- One alarm of a rule stands on a machine at a time.
create unique index alarms_standing on alarms (rule, equipment) where state <> 'normal';
create index alarms_order_standing on alarms (tenant, rank, raised_at desc, id desc) where state <> 'normal';
create index alarms_order on alarms (tenant, rank, raised_at desc, id desc);
create index alarms_of_rule on alarms (rule);
create index alarms_of_equipment on alarms (equipment);
create index alarms_path on alarms using gin (path);

create table alarm_transitions (
  id text primary key,
  -- the order in which they were written: times may be data time and go back
  sequence bigint generated always as identity,
  tenant text not null,
  alarm text not null references alarms (id),
  time bigint not null,
  transition text not null
    check (transition in ('raised', 'returned', 'acknowledged', 'latched', 'reset', 'closed', 'commented', 're-raised')),
  "from" text not null,
  "to" text not null,
  by text not null,
  comment text,
  equipment text not null,
  equipment_name text not null,
  rule_name text not null,
  priority text not null,
  message text not null
);
create index alarm_transitions_order on alarm_transitions (tenant, time desc, sequence desc);
create index alarm_transitions_alarm on alarm_transitions (alarm, sequence);

alter table rules enable row level security;
alter table rules force row level security;
create policy tenant_rows on rules using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on rules to millwright_app;

alter table alarms enable row level security;
alter table alarms force row level security;
create policy tenant_rows on alarms using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on alarms to millwright_app;

-- The journal is only ever added to.
alter table alarm_transitions enable row level security;
alter table alarm_transitions force row level security;
create policy tenant_rows on alarm_transitions using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
grant select, insert on alarm_transitions to millwright_app;
