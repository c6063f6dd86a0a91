-- What ended a rule while it ran: it stays off over restarts, until the rule is changed.
create table rule_faults (
  rule text primary key references rules (id) on delete cascade,
  tenant text not null,
  -- of the rule that failed: another version of it runs
  version int not null,
  time bigint not null,
  words text not null
);
alter table rule_faults enable row level security;
alter table rule_faults force row level security;
create policy tenant_rows on rule_faults using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on rule_faults to millwright_app;
