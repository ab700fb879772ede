"""Says what is wrong with bills of materials by CycloneDX's own schema, and exits with 1 if anything is."""

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

validator = JsonStrictValidator(SchemaVersion.V1_6)
faults = [(file, validator.validate_str(Path(file).read_text())) for file in sys.argv[1:]]
for file, fault in faults:
    if fault:
        print(f"{file}: {fault}")
sys.exit(any(fault for _, fault in faults) or not faults)
