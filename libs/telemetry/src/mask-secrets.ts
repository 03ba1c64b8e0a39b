const MASK = '***';

// Masking a secret of one or two letters would make every text unreadable and hide nothing.
const SHORTEST_MASKED_SECRET = 3;

/**
 * The text with every secret replaced by `***`: as it is, as JSON writes it, and as an address encodes it.
 * Longer secrets go first, so that one which contains another leaves no rest.
 */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_MASKED_SECRET) addForms(forms, secret);
  }
  let masked = text;
  for (const form of [...forms].toSorted((a, b) => b.length - a.length)) {
    masked = masked.replaceAll(form, MASK);
  }
  return masked;
}

function addForms(forms: Set<string>, secret: string): void {
  forms.add(secret);
  forms.add(JSON.stringify(secret).slice(1, -1));
  forms.add(encodeURIComponent(secret));
}
