-- Which issuing certificate signed it, by that one's subject: each issuer has a revocation list of its own. Null: from
-- before this was written down.
alter table certificates add column issuer text;
create index certificates_end on certificates (tenant, not_after, serial);
