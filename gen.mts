import { writeCorpus, LAYOUTS } from './bench/replay/corpus.ts';
import { controlsOf, discoverFunctions } from './infra/catalog.ts';
import { rulesOf, chosenControls } from './cli/replay/rules.ts';
import { loadConfig, PROJECT_CONFIG } from './infra/synth.ts';
import { withDefaultModes } from './shared/finding/config.ts';
import { branchesOf } from './shared/replay/matcher.ts';
const functions = await discoverFunctions();
const config = withDefaultModes(await loadConfig(PROJECT_CONFIG, functions), controlsOf(functions));
const rules = rulesOf(chosenControls([], functions, config), functions, config);
const asked = new Set(rules.flatMap(({pattern})=>branchesOf(pattern).flatMap(b=>b.filter(f=>f.name==='detail.eventName').flatMap(f=>f.wanted.filter(w=>typeof w==='string')))));
for (const l of LAYOUTS) { console.time(l.name); console.log(await writeCorpus(`/tmp/w/scan-corpus/${l.perFile}`, {records: Number(process.argv[2]), perFile:l.perFile, asked})); console.timeEnd(l.name); }
