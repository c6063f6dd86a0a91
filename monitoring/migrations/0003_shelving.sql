-- Shelving (ISA-18.2): a person puts the alarm of a rule on a machine out of the way for a time, whatever it does meanwhile.
create table alarm_shelves (
  rule text not null references rules (id) on delete cascade,
  equipment text not null,
  tenant text not null,
  since bigint not null,
  until bigint not null,
  by text not null,
  primary key (rule, equipment)
);
create index alarm_shelves_until on alarm_shelves (until);
alter table alarm_shelves enable row level security;
alter table alarm_shelves force row level security;
create policy tenant_rows on alarm_shelves using (tenant = current_setting('app.tenant', true))
  with check (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on alarm_shelves to millwright_app;

alter table alarms add column shelved_until bigint;
alter table alarms add column shelved_by text;

alter table alarm_transitions drop constraint alarm_transitions_transition_check;
alter table alarm_transitions add constraint alarm_transitions_transition_check check (transition in ('raised', 'returned',
  'acknowledged', 'latched', 'reset', 'closed', 'commented', 're-raised', 'shelved', 'unshelved'));
