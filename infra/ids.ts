/** A name in PascalCase, as CloudFormation's logical ids are: `volume-encrypted` becomes `VolumeEncrypted`. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase());
}
