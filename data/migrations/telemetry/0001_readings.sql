-- Readings of numbers and booleans. One point per (signal, time): the last one written wins. Within one retention class
-- that is the order of writing; `generation` counts how often the signal's class has changed, so that what was written
-- later wins over the same point in the partition of an earlier class. `time` is integer microseconds since the epoch.
-- Columns that hold their default in a whole window are not sent: class 2 is `standard`, quality 0 Good.
-- Windows come by the dozen a second: merging at least ten parts at a time halves the work of merging them.
-- ZSTD(6) in blocks of 256 KiB takes 3.4 bytes a point on real sensor data, Gorilla 5.6 (docs/adr/0030).
create table if not exists readings (
  class UInt8 default 2 codec(ZSTD(1)),
  signal UInt32 codec(ZSTD(1)),
  time Int64 codec(DoubleDelta, ZSTD(1)),
  value Float64 codec(ZSTD(6)),
  quality UInt32 codec(ZSTD(1)),
  generation UInt8 codec(ZSTD(1))
) engine = {{ReplacingMergeTree(generation)}}
partition by {{period}}
order by (signal, time)
settings min_parts_to_merge_at_once = 10, min_compress_block_size = 262144;

create table if not exists states (
  class UInt8 codec(ZSTD(1)),
  signal UInt32 codec(ZSTD(1)),
  time Int64 codec(DoubleDelta, ZSTD(1)),
  value String codec(ZSTD(3)),
  quality UInt32 codec(ZSTD(1)),
  generation UInt8 codec(ZSTD(1))
) engine = {{ReplacingMergeTree(generation)}}
partition by {{period}}
order by (signal, time)
settings min_parts_to_merge_at_once = 10;

-- JSON text.
create table if not exists documents (
  class UInt8 codec(ZSTD(1)),
  signal UInt32 codec(ZSTD(1)),
  time Int64 codec(DoubleDelta, ZSTD(1)),
  value String codec(ZSTD(3)),
  quality UInt32 codec(ZSTD(1)),
  generation UInt8 codec(ZSTD(1))
) engine = {{ReplacingMergeTree(generation)}}
partition by {{period}}
order by (signal, time)
settings min_parts_to_merge_at_once = 10;

-- Degrees (WGS 84), altitude in m, NaN where it was not sent.
create table if not exists positions (
  class UInt8 codec(ZSTD(1)),
  signal UInt32 codec(ZSTD(1)),
  time Int64 codec(DoubleDelta, ZSTD(1)),
  latitude Float64 codec(ZSTD(3)),
  longitude Float64 codec(ZSTD(3)),
  altitude Float64 codec(ZSTD(3)),
  quality UInt32 codec(ZSTD(1)),
  generation UInt8 codec(ZSTD(1))
) engine = {{ReplacingMergeTree(generation)}}
partition by {{period}}
order by (signal, time)
settings min_parts_to_merge_at_once = 10;

-- One row per waveform; `time` is that of the first sample, `rate` in Hz. `bytes` takes the samples as little-endian
-- float32 at insert, which spares writing each as a decimal number. Rows are large: a granule holds few of them.
create table if not exists waveforms (
  class UInt8 codec(ZSTD(1)),
  signal UInt32 codec(ZSTD(1)),
  time Int64 codec(DoubleDelta, ZSTD(1)),
  rate Float64 codec(ZSTD(1)),
  bytes String ephemeral,
  samples Array(Float32) default reinterpret(bytes, 'Array(Float32)') codec(ZSTD(3)),
  quality UInt32 codec(ZSTD(1)),
  generation UInt8 codec(ZSTD(1))
) engine = {{ReplacingMergeTree(generation)}}
partition by {{period}}
order by (signal, time)
settings index_granularity = 64, min_bytes_for_wide_part = 0, min_parts_to_merge_at_once = 10;

-- Rollups of numbers and booleans. `readings` counts all points of the bucket, `usable` those that are Good or
-- Uncertain and finite; sum, min, max, first and last are of the usable ones (NaN where there are none); `quality` is
-- the worst. A bucket made again from at least as many readings replaces the old one, so that late readings for a time
-- whose raw data retention has taken away do not wipe out its rollup: hence `version`. A chart reads a few hundred rows
-- of one signal: small granules and blocks make that more than twice as fast, for a fifth more bytes.
create table if not exists rollup_1m (
  class UInt8 codec(ZSTD(1)),
  signal UInt32 codec(ZSTD(1)),
  time Int64 codec(DoubleDelta, ZSTD(1)),
  readings UInt32 codec(T64, ZSTD(1)),
  usable UInt32 codec(T64, ZSTD(1)),
  sum Float64 codec(ZSTD(6)),
  min Float64 codec(ZSTD(6)),
  max Float64 codec(ZSTD(6)),
  first Float64 codec(ZSTD(6)),
  last Float64 codec(ZSTD(6)),
  quality UInt32 codec(ZSTD(1)),
  version UInt64 codec(T64, ZSTD(1))
) engine = {{ReplacingMergeTree(version)}}
partition by {{period}}
order by (signal, time)
settings index_granularity = 1024, min_compress_block_size = 8192, max_compress_block_size = 65536;

create table if not exists rollup_1h as rollup_1m
engine = {{ReplacingMergeTree(version)}}
partition by {{period}}
order by (signal, time)
settings index_granularity = 1024, min_compress_block_size = 8192, max_compress_block_size = 65536;

create table if not exists rollup_1d as rollup_1m
engine = {{ReplacingMergeTree(version)}}
partition by {{period}}
order by (signal, time)
settings index_granularity = 1024, min_compress_block_size = 8192, max_compress_block_size = 65536;

-- Hours of signals that may have to be rolled up again, written before the readings are: what stands here after a
-- crash is done again. A new epoch takes over what is still open, then the old ones are dropped.
create table if not exists rollup_marks (
  epoch UInt64,
  signal UInt32,
  hour Int64
) engine = {{MergeTree}}
partition by epoch
order by (hour, signal);

-- The latest reading of each signal as of the last snapshot; newer ones are found by the marks. `text` is the JSON of
-- what is not a number; `pace` the usual interval between readings, µs.
create table if not exists latest (
  signal UInt32,
  time Int64,
  value Float64,
  text String,
  quality UInt32,
  pace Float64,
  taken Int64
) engine = {{ReplacingMergeTree(taken)}}
order by signal;

-- The retention class with which each signal is written, and how often it has changed.
create table if not exists signal_classes (
  signal UInt32,
  class UInt8,
  generation UInt8
) engine = {{ReplacingMergeTree(generation)}}
order by signal;

-- When old periods were last written to: retention counts from there, so that an import of old data is not taken away
-- on the next day. Only periods that are already over stand here.
create table if not exists late_writes (
  class UInt8,
  period Int64,
  written Int64
) engine = {{ReplacingMergeTree(written)}}
order by (class, period);
