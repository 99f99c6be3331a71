;; Scans records for where each ends and what its own `eventName` is, 64 bytes at a time. It answers only what `scanObject` of
;; record-scan.ts would answer too; of whatever is unusual it says 0, and that one is asked. `npm run build:scan` assembles it.
;;
;; Memory: at 0 the answer (where the name begins and ends, and flags), at 64 by the lower half of a byte a bit for each upper half
;; with which it begins a string that is looked at, at 256 whether a text begins with a byte, at 512 the texts (16 bytes, and 16 that
;; say which of these count), at 8192 a bit for each hash of a name that is asked for, at 16384 up to 1024 candidates (begin, end, and
;; the answer), from 36864 on what is scanned, with 128 zeros behind.
(module
  (memory (export "memory") 6)
  ;; the e of eventName, eventType and errorCode, and the R of Records; the texts' own come from outside
  (data (i32.const 64) "\00\00\20\00\00\40")
  (global $texts (export "texts") (mut i32) (i32.const 0))
  ;; how many records were passed over, and how many candidates there are
  (global $passed (export "passed") (mut i32) (i32.const 0))
  (global $found (export "found") (mut i32) (i32.const 0))
  ;; a hash of the name that was found last
  (global $hash (mut i32) (i32.const 0))

  (func $isBlank (param $byte i32) (result i32)
    (i32.or
      (i32.or (i32.eq (local.get $byte) (i32.const 0x20)) (i32.eq (local.get $byte) (i32.const 0x0a)))
      (i32.or (i32.eq (local.get $byte) (i32.const 0x0d)) (i32.eq (local.get $byte) (i32.const 0x09)))))

  ;; the byte before that is not blank; the brace before the record ends it at the latest
  (func $before (param $at i32) (result i32)
    (loop $back
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (br_if $back (call $isBlank (i32.load8_u (local.get $at)))))
    (i32.load8_u (local.get $at)))

  (func $afterBlanks (param $at i32) (result i32)
    (block $done
      (loop $on
        (br_if $done (i32.eqz (call $isBlank (i32.load8_u (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $on)))
    (local.get $at))

  ;; where the value begins of the key of 11 bytes that begins at `at`; 0 if it is no key
  (func $valueOf (param $at i32) (result i32)
    (local $byte i32)
    (local.set $byte (call $before (local.get $at)))
    (if (i32.and (i32.ne (local.get $byte) (i32.const 0x7b)) (i32.ne (local.get $byte) (i32.const 0x2c)))
      (then (return (i32.const 0))))
    (local.set $at (call $afterBlanks (i32.add (local.get $at) (i32.const 11))))
    (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (i32.const 0))))
    (local.set $at (call $afterBlanks (i32.add (local.get $at) (i32.const 1))))
    ;; the other passes over several colons
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (i32.const 0))))
    (local.get $at))

  ;; where a name ends that begins behind the quote at `at`; 0 if it is no plain text of at most 256 bytes
  (func $nameEnd (param $at i32) (param $end i32) (result i32)
    (local $byte i32)
    (local $most i32)
    (global.set $hash (i32.const 0))
    (local.set $most (i32.add (local.get $at) (i32.const 257)))
    (if (i32.gt_u (local.get $most) (local.get $end)) (then (local.set $most (local.get $end))))
    (loop $on
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.ge_u (local.get $at) (local.get $most)) (then (return (i32.const 0))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (local.get $at))))
      (global.set $hash (i32.xor (i32.mul (global.get $hash) (i32.const 33)) (local.get $byte)))
      (if (i32.or (i32.eq (local.get $byte) (i32.const 0x5c)) (i32.lt_u (local.get $byte) (i32.const 0x20)))
        (then (return (i32.const 0))))
      (br $on))
    (unreachable))

  ;; whether one of the texts stands at `at`, quotes included
  (func $isText (param $at i32) (result i32)
    (local $bytes v128)
    (local $text i32)
    (local $end i32)
    (local.set $bytes (v128.load (local.get $at)))
    (local.set $text (i32.const 512))
    (local.set $end (i32.add (i32.const 512) (i32.shl (global.get $texts) (i32.const 5))))
    (block $none
      (loop $on
        (br_if $none (i32.ge_u (local.get $text) (local.get $end)))
        (if (i32.eqz (v128.any_true
              (v128.and
                (v128.xor (local.get $bytes) (v128.load (local.get $text)))
                (v128.load offset=16 (local.get $text)))))
          (then (return (i32.const 1))))
        (local.set $text (i32.add (local.get $text) (i32.const 32)))
        (br $on)))
    (i32.const 0))

  ;; the end of the record whose inside begins at `from`: 1 if there is none before `end`, 0 if anything is unusual, which with
  ;; `isOwn` a key `Records` is too
  (func $scan (export "scan") (param $from i32) (param $end i32) (param $isOwn i32) (result i32)
    (local $at i32) (local $place i32) (local $byte i32) (local $value i32)
    (local $level i32) (local $names i32) (local $types i32) (local $error i32) (local $flags i32) (local $nameStart i32) (local $nameEnd i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $word i64)
    (local $quote v128) (local $slash v128) (local $line v128) (local $shared v128) (local $bracket v128)
    (local $firsts v128) (local $halves v128) (local $lower v128)
    (local $quotes i64) (local $starts i64) (local $slashes i64) (local $brackets i64) (local $lines i64)
    (local $escaped i64) (local $isEscaped i64) (local $bit i64) (local $inside i64) (local $isInside i64)
    (local.set $quote (v128.const i32x4 0x22222222 0x22222222 0x22222222 0x22222222))
    (local.set $slash (v128.const i32x4 0x5c5c5c5c 0x5c5c5c5c 0x5c5c5c5c 0x5c5c5c5c))
    (local.set $line (v128.const i32x4 0x0a0a0a0a 0x0a0a0a0a 0x0a0a0a0a 0x0a0a0a0a))
    (local.set $shared (v128.const i32x4 0xd9d9d9d9 0xd9d9d9d9 0xd9d9d9d9 0xd9d9d9d9))
    (local.set $bracket (v128.const i32x4 0x59595959 0x59595959 0x59595959 0x59595959))
    (local.set $firsts (v128.load (i32.const 64)))
    (local.set $halves (v128.const i8x16 1 2 4 8 16 32 64 128 0 0 0 0 0 0 0 0))
    (local.set $lower (v128.const i32x4 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f))
    (local.set $at (local.get $from))
    (local.set $level (i32.const 1))
    (loop $block
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (i32.const 1))))
      (local.set $a (v128.load (local.get $at)))
      (local.set $b (v128.load offset=16 (local.get $at)))
      (local.set $c (v128.load offset=32 (local.get $at)))
      (local.set $d (v128.load offset=48 (local.get $at)))
      (local.set $quotes (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $quote))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $quote)))) (i64.const 16)))
          (i64.or (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $quote)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $quote)))) (i64.const 48)))))
      ;; without three bits, all four brackets are the same; so are a few bytes that stand in no JSON but in strings
      (local.set $brackets (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.and (local.get $a) (local.get $shared)) (local.get $bracket))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.and (local.get $b) (local.get $shared)) (local.get $bracket)))) (i64.const 16)))
          (i64.or (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.and (local.get $c) (local.get $shared)) (local.get $bracket)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (v128.and (local.get $d) (local.get $shared)) (local.get $bracket)))) (i64.const 48)))))
      ;; most blocks have neither a backslash nor a line's end
      (local.set $slashes (i64.const 0))
      (local.set $lines (i64.const 0))
      (if (v128.any_true (v128.or
            (v128.or (v128.or (i8x16.eq (local.get $a) (local.get $slash)) (i8x16.eq (local.get $a) (local.get $line)))
              (v128.or (i8x16.eq (local.get $b) (local.get $slash)) (i8x16.eq (local.get $b) (local.get $line))))
            (v128.or (v128.or (i8x16.eq (local.get $c) (local.get $slash)) (i8x16.eq (local.get $c) (local.get $line)))
              (v128.or (i8x16.eq (local.get $d) (local.get $slash)) (i8x16.eq (local.get $d) (local.get $line))))))
        (then
      (local.set $slashes (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $slash))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $slash)))) (i64.const 16)))
          (i64.or (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $slash)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $slash)))) (i64.const 48)))))
      (local.set $lines (i64.or
          (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (local.get $line))))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (local.get $line)))) (i64.const 16)))
          (i64.or (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (local.get $line)))) (i64.const 32))
            (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (local.get $line)))) (i64.const 48)))))))

      ;; what a backslash escapes; all but \" \\ \n is unusual
      (local.set $escaped (local.get $isEscaped))
      (local.set $isEscaped (i64.const 0))
      (local.set $word (i64.and (local.get $slashes) (i64.xor (local.get $escaped) (i64.const -1))))
      (block $noMore
        (loop $escape
          (br_if $noMore (i64.eqz (local.get $word)))
          (local.set $byte (i32.load8_u offset=1 (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $word))))))
          (if (i32.and (i32.ne (local.get $byte) (i32.const 0x22))
                (i32.and (i32.ne (local.get $byte) (i32.const 0x5c)) (i32.ne (local.get $byte) (i32.const 0x6e))))
            (then (return (i32.const 0))))
          (local.set $bit (i64.and (local.get $word) (i64.sub (i64.const 0) (local.get $word))))
          (if (i64.lt_s (local.get $bit) (i64.const 0)) (then (local.set $isEscaped (i64.const 1))))
          (local.set $bit (i64.or (local.get $bit) (i64.shl (local.get $bit) (i64.const 1))))
          (local.set $escaped (i64.or (local.get $escaped) (i64.and (local.get $bit) (i64.shl (local.get $bit) (i64.const 1)))))
          (local.set $word (i64.and (local.get $word) (i64.xor (local.get $bit) (i64.const -1))))
          (br $escape)))
      (local.set $quotes (i64.and (local.get $quotes) (i64.xor (local.get $escaped) (i64.const -1))))

      ;; a bit for each byte of a string, its first quote included: how many quotes are before, modulo 2
      (local.set $inside (local.get $quotes))
      (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 1))))
      (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 2))))
      (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 4))))
      (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 8))))
      (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 16))))
      (local.set $inside (i64.xor (local.get $inside) (i64.shl (local.get $inside) (i64.const 32))))
      (local.set $inside (i64.xor (local.get $inside) (local.get $isInside)))
      (local.set $isInside (i64.shr_s (local.get $inside) (i64.const 63)))

      ;; what begins a string, if it is looked at by its first byte, and the brackets between strings
      (local.set $starts (i64.and (local.get $quotes) (local.get $inside)))
      (if (i64.ne (local.get $starts) (i64.const 0))
        (then
          (local.set $starts (i64.and (local.get $starts) (i64.or
            (i64.or (i64.extend_i32_u (i8x16.bitmask (i8x16.ne (v128.const i32x4 0 0 0 0) (v128.and
                (i8x16.swizzle (local.get $firsts) (v128.and (v128.load offset=1 (local.get $at)) (local.get $lower)))
                (i8x16.swizzle (local.get $halves) (i8x16.shr_u (v128.load offset=1 (local.get $at)) (i32.const 4)))))))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.ne (v128.const i32x4 0 0 0 0) (v128.and
                (i8x16.swizzle (local.get $firsts) (v128.and (v128.load offset=17 (local.get $at)) (local.get $lower)))
                (i8x16.swizzle (local.get $halves) (i8x16.shr_u (v128.load offset=17 (local.get $at)) (i32.const 4))))))) (i64.const 16)))
            (i64.or (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.ne (v128.const i32x4 0 0 0 0) (v128.and
                (i8x16.swizzle (local.get $firsts) (v128.and (v128.load offset=33 (local.get $at)) (local.get $lower)))
                (i8x16.swizzle (local.get $halves) (i8x16.shr_u (v128.load offset=33 (local.get $at)) (i32.const 4))))))) (i64.const 32))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.ne (v128.const i32x4 0 0 0 0) (v128.and
                (i8x16.swizzle (local.get $firsts) (v128.and (v128.load offset=49 (local.get $at)) (local.get $lower)))
                (i8x16.swizzle (local.get $halves) (i8x16.shr_u (v128.load offset=49 (local.get $at)) (i32.const 4))))))) (i64.const 48))))))))
      (local.set $word (i64.or
        (local.get $starts)
        (i64.and (local.get $brackets) (i64.xor (local.get $inside) (i64.const -1)))))
      ;; of a line's end within a string, or a backslash outside, what is behind the record's end says nothing
      (local.set $bit (i64.or
        (i64.and (local.get $lines) (local.get $inside))
        (i64.and (local.get $slashes) (i64.xor (local.get $inside) (i64.const -1)))))
      (block $next
        (loop $structure
          (br_if $next (i64.eqz (local.get $word)))
          (local.set $place (i32.add (local.get $at) (i32.wrap_i64 (i64.ctz (local.get $word)))))
          (local.set $byte (i32.load8_u (local.get $place)))
          (if (i32.eq (local.get $byte) (i32.const 0x22))
            (then
              (if (i32.eq (local.get $level) (i32.const 1))
                (then
                  ;; "eventName"
                  (if (i64.eq (i64.load (local.get $place)) (i64.const 0x614e746e65766522))
                    (then
                      (if (i32.eq (i32.load offset=7 (local.get $place)) (i32.const 0x22656d61))
                        (then
                          (local.set $value (call $valueOf (local.get $place)))
                          (if (i32.eqz (local.get $value)) (then (return (i32.const 0))))
                          (if (i32.ne (i32.load8_u (local.get $value)) (i32.const 0x22)) (then (return (i32.const 0))))
                          (local.set $names (i32.add (local.get $names) (i32.const 1)))
                          (local.set $nameStart (i32.add (local.get $value) (i32.const 1)))
                          (local.set $nameEnd (call $nameEnd (local.get $value) (local.get $end)))
                          (if (i32.eqz (local.get $nameEnd)) (then (return (i32.const 0))))))))
                  ;; "eventType"
                  (if (i64.eq (i64.load (local.get $place)) (i64.const 0x7954746e65766522))
                    (then
                      (if (i32.eq (i32.load offset=7 (local.get $place)) (i32.const 0x22657079))
                        (then
                          (local.set $value (call $valueOf (local.get $place)))
                          (if (i32.eqz (local.get $value)) (then (return (i32.const 0))))
                          (local.set $types (i32.add (local.get $types) (i32.const 1)))
                          ;; "AwsApiCall"
                          (local.set $flags (i32.or
                            (i32.and (local.get $flags) (i32.const 2))
                            (i32.and
                              (i64.eq (i64.load (local.get $value)) (i64.const 0x4369704173774122))
                              (i32.eq (i32.load offset=8 (local.get $value)) (i32.const 0x226c6c61)))))))))
                  ;; "errorCode", whose value is looked at in the end
                  (if (i64.eq (i64.load (local.get $place)) (i64.const 0x6f43726f72726522))
                    (then
                      (if (i32.eq (i32.load offset=7 (local.get $place)) (i32.const 0x2265646f))
                        (then
                          (if (local.get $error) (then (return (i32.const 0))))
                          (local.set $error (local.get $place))))))
                  ;; "Records
                  (if (i32.and (local.get $isOwn)
                        (i64.eq (i64.load (local.get $place)) (i64.const 0x7364726f63655222)))
                    (then (return (i32.const 0))))))
              (if (i32.load8_u offset=256 (i32.load8_u offset=1 (local.get $place)))
                (then
                  (if (call $isText (local.get $place))
                    (then (local.set $flags (i32.or (local.get $flags) (i32.const 2))))))))
            (else
              (if (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x7b))
                (then
                  ;; before an object stands a colon, a comma or the beginning of a list, or the one before was not closed
                  (if (i32.eq (local.get $byte) (i32.const 0x7b))
                    (then
                      (local.set $byte (call $before (local.get $place)))
                      (if (i32.and (i32.ne (local.get $byte) (i32.const 0x3a))
                            (i32.and (i32.ne (local.get $byte) (i32.const 0x2c)) (i32.ne (local.get $byte) (i32.const 0x5b))))
                        (then (return (i32.const 0))))))
                  (local.set $level (i32.add (local.get $level) (i32.const 1)))
                  (if (i32.gt_u (local.get $level) (i32.const 200)) (then (return (i32.const 0)))))
                (else
                  (if (i32.ne (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x7d)) (then (return (i32.const 0))))
                  (local.set $level (i32.sub (local.get $level) (i32.const 1)))
                  (if (i32.eqz (local.get $level))
                    (then
                      ;; what was found before the end is the record's own
                      (if (i64.ne (i64.const 0) (i64.and (local.get $bit)
                            (i64.sub (i64.and (local.get $word) (i64.sub (i64.const 0) (local.get $word))) (i64.const 1))))
                        (then (return (i32.const 0))))
                      (if (i32.ne (local.get $names) (i32.const 1)) (then (return (i32.const 0))))
                      (if (i32.ne (local.get $types) (i32.const 1))
                        (then (local.set $flags (i32.and (local.get $flags) (i32.const 2)))))
                      (if (local.get $error)
                        (then
                          (local.set $value (call $valueOf (local.get $error)))
                          (if (i32.eqz (local.get $value)) (then (return (i32.const 0))))
                          (if (i32.eq (i32.load8_u (local.get $value)) (i32.const 0x22))
                            (then (local.set $flags (i32.or (local.get $flags) (i32.const 4)))))))
                      (i32.store (i32.const 0) (local.get $nameStart))
                      (i32.store (i32.const 4) (local.get $nameEnd))
                      (i32.store (i32.const 8) (local.get $flags))
                      (return (i32.add (local.get $place) (i32.const 1)))))))))
          (local.set $word (i64.and (local.get $word) (i64.sub (local.get $word) (i64.const 1))))
          (br $structure)))
      (if (i64.ne (local.get $bit) (i64.const 0)) (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br $block))
    (unreachable))

  ;; goes on from `from` while records are usual, and writes down those that may be asked for; answers where it stopped. Between
  ;; records of a list stand commas, and with `isOwn` none.
  (func (export "scanAll") (param $from i32) (param $end i32) (param $isOwn i32) (result i32)
    (local $byte i32) (local $start i32) (local $at i32) (local $bit i32) (local $out i32)
    (global.set $passed (i32.const 0))
    (global.set $found (i32.const 0))
    (local.set $out (i32.const 16384))
    (block $stop
      (loop $record
        (block $begun
          (loop $on
            (br_if $stop (i32.ge_u (local.get $from) (local.get $end)))
            (local.set $byte (i32.load8_u (local.get $from)))
            (br_if $begun (i32.eq (local.get $byte) (i32.const 0x7b)))
            (if (i32.eqz (call $isBlank (local.get $byte)))
              (then (br_if $stop (i32.or (local.get $isOwn) (i32.ne (local.get $byte) (i32.const 0x2c))))))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (br $on)))
        (br_if $stop (i32.ge_u (global.get $found) (i32.const 1024)))
        (local.set $start (local.get $from))
        (local.set $at (call $scan (i32.add (local.get $from) (i32.const 1)) (local.get $end) (local.get $isOwn)))
        (br_if $stop (i32.le_u (local.get $at) (i32.const 1)))
        (local.set $from (local.get $at))
        (local.set $bit (i32.and (i32.xor (global.get $hash) (i32.shr_u (global.get $hash) (i32.const 16))) (i32.const 0xffff)))
        (if (i32.or
              (i32.and (i32.load offset=8 (i32.const 0)) (i32.const 2))
              (i32.and (i32.const 1)
                (i32.shr_u (i32.load8_u offset=8192 (i32.shr_u (local.get $bit) (i32.const 3)))
                  (i32.and (local.get $bit) (i32.const 7)))))
          (then
            (i32.store (local.get $out) (local.get $start))
            (i32.store offset=4 (local.get $out) (local.get $at))
            (i64.store offset=8 (local.get $out) (i64.load (i32.const 0)))
            (i32.store offset=16 (local.get $out) (i32.load (i32.const 8)))
            (local.set $out (i32.add (local.get $out) (i32.const 20)))
            (global.set $found (i32.add (global.get $found) (i32.const 1))))
          (else (global.set $passed (i32.add (global.get $passed) (i32.const 1)))))
        (br $record)))
    (local.get $from)))
