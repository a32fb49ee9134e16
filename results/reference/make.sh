#!/usr/bin/env bash
# `make reference`: make every reference study again, from this version, into results/reference; say how long each took.
# Runs are kept in results/runs: what was stopped goes on where it was. Name studies to make those alone.
set -eu
cd "$(dirname "$0")/../.."
linli=${LINLI:-.venv/bin/linli} runs=results/runs reference=results/reference
mkdir -p "$runs"

# made NAME: make the runs of a study, or those that it still lacks.
made() {
  if [ -e "$runs/$1/manifest.json" ]; then "$linli" study resume "$runs/$1"; else "$linli" study run "$1" --out "$runs/$1"; fi
}

# put NAME COMMAND...: let a command write a new folder, then put it in the place of the reference.
put() {
  local name=$1
  shift
  rm -rf "$runs/new"
  "$@" --out "$runs/new"
  mkdir -p "$(dirname "$reference/$name")"
  rm -rf "${reference:?}/$name"
  mv "$runs/new" "$reference/$name"
}

prior_predictive() {
  made prior_predictive
  put prior_predictive "$linli" study odds "$runs/prior_predictive"
  put prior_predictive_bills "$linli" study odds "$runs/prior_predictive" --outcome payment_rate
}
settled_places() {
  made settled_places
  put settled_places "$linli" study odds "$runs/settled_places"
  put settled_places_bills "$linli" study odds "$runs/settled_places" --outcome payment_rate
}
equal_money() {
  made equal_money
  put equal_money "$linli" study money "$runs/equal_money"
  cp "$reference/equal_money/words.md" docs/findings/money.md
}
alternatives() {
  made alternatives
  put alternatives "$linli" study alternatives "$runs/alternatives"
  cp "$reference/alternatives/words.md" docs/findings/structure.md
}
search_patterns() {
  made search_patterns
  put search_patterns "$linli" study patterns "$runs/search_patterns" --by structure.billing_period
  cp "$reference/search_patterns/words.md" docs/findings/patterns.md
}
search_harms() {
  made search_harms
  put search_harms "$linli" study harms "$runs/search_harms"
  cp "$reference/search_harms/words.md" docs/findings/harms.md
}
ablation() {
  local each form place rivals
  for each in "red_station trapped market custody state_owned catalysed" "red_alliance managed market state_owned catalysed" \
    "red_branch committee self_governance market trust"; do
    read -r form place rivals <<<"$each"
    # shellcheck disable=SC2086 # rivals are words
    put "ablation/$form" "$linli" ablate "$form" $(printf -- '--rival %s ' $rivals) --place "$place" --replicates 60 --quiet
    cp "$reference/ablation/$form/ablation.md" "docs/findings/ablation_$form.md"
  done
}
crossing() {
  local each one other place
  for each in "red_station market trapped" "red_alliance market managed" "red_branch self_governance committee"; do
    read -r one other place <<<"$each"
    put "crossing/${one}_$other" "$linli" crossing "$one" "$other" --over fee --outcome cost_covered --outcome payment_rate \
      --place "$place" --values 0.3:0.8:11 --replicates 100 --quiet
  done
  put crossing/red_station_market_loss_base "$linli" crossing red_station market --over station.loss_base \
    --outcome cost_covered --outcome payment_rate --place trapped --values 0.2:1:9 --replicates 100 --quiet
}
screening() { "$linli" sensitivity "$(going screening)" $(new screening); shown screening; }
sobol() { "$linli" sensitivity "$(going sobol)" $(new sobol); shown sobol; }
tipping() {
  "$linli" tipping --out "$runs/tipping"
  rm -rf "${reference:?}/tipping"
  mkdir -p "$reference/tipping"
  cp -r "$runs"/tipping/{figures,manifest.json,words.md} "$runs"/tipping/*.parquet "$reference/tipping"
}
# shown NAME: put the parts of an analysis that are kept in the place of the reference; its tables of all indices are large.
shown() {
  local from=$runs/$1 to=$reference/$1
  rm -rf "${to:?}"
  mkdir -p "$to/study"
  cp "$from"/{manifest.json,words.txt,ranking.parquet,stopping.parquet} "$from"/overview_*.png "$from"/*_minus_*.png "$to"
  cp -r "$from"/study/{inputs,manifest.json} "$to/study"
}
going() { if [ -e "$runs/$1/manifest.json" ]; then echo "$runs/$1"; else echo "$1"; fi; }
new() { [ -e "$runs/$1/manifest.json" ] || echo "--out $runs/$1"; }

[ $# -gt 0 ] || set -- prior_predictive settled_places equal_money alternatives search_patterns search_harms ablation crossing screening sobol tipping
for study in "$@"; do
  begun=$(date +%s)
  echo "== $study"
  "$study"
  echo "== $study took $(($(date +%s) - begun)) s"
done
