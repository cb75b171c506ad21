/**
 * The object identifiers that the package knows (certificates §3).
 *
 * @internal
 */

export const xmppAddr = "1.3.6.1.5.5.7.8.5"
export const dnsSrv = "1.3.6.1.5.5.7.8.7"

export const subjectKeyIdentifier = "2.5.29.14"
export const keyUsage = "2.5.29.15"
export const subjectAltName = "2.5.29.17"
export const issuerAltName = "2.5.29.18"
export const basicConstraints = "2.5.29.19"
export const crlNumber = "2.5.29.20"
export const reasonCode = "2.5.29.21"
export const invalidityDate = "2.5.29.24"
export const deltaCrlIndicator = "2.5.29.27"
export const issuingDistributionPoint = "2.5.29.28"
export const certificateIssuer = "2.5.29.29"
export const nameConstraints = "2.5.29.30"
export const crlDistributionPoints = "2.5.29.31"
export const certificatePolicies = "2.5.29.32"
export const policyMappings = "2.5.29.33"
export const authorityKeyIdentifier = "2.5.29.35"
export const policyConstraints = "2.5.29.36"
export const extKeyUsage = "2.5.29.37"
export const freshestCrl = "2.5.29.46"
export const inhibitAnyPolicy = "2.5.29.54"
export const authorityInfoAccess = "1.3.6.1.5.5.7.1.1"
export const tlsFeature = "1.3.6.1.5.5.7.1.24"
export const certificateTimestamps = "1.3.6.1.4.1.11129.2.4.2"

export const anyPolicy = "2.5.29.32.0"
export const anyExtendedKeyUsage = "2.5.29.37.0"
export const serverAuth = "1.3.6.1.5.5.7.3.1"
export const clientAuth = "1.3.6.1.5.5.7.3.2"
export const ocspSigning = "1.3.6.1.5.5.7.3.9"

export const ocspBasic = "1.3.6.1.5.5.7.48.1.1"
export const ocspNoCheck = "1.3.6.1.5.5.7.48.1.5"
export const sha1 = "1.3.14.3.2.26"
export const sha256 = "2.16.840.1.101.3.4.2.1"

export const commonName = "2.5.4.3"
export const emailAddress = "1.2.840.113549.1.9.1"
export const extensionRequest = "1.2.840.113549.1.9.14"

export const rsaEncryption = "1.2.840.113549.1.1.1"
export const rsassaPss = "1.2.840.113549.1.1.10"
export const mgf1 = "1.2.840.113549.1.1.8"
export const sha256WithRsa = "1.2.840.113549.1.1.11"
export const ecPublicKey = "1.2.840.10045.2.1"
export const ecdsaWithSha256 = "1.2.840.10045.4.3.2"
export const ecdsaWithSha384 = "1.2.840.10045.4.3.3"
export const ecdsaWithSha512 = "1.2.840.10045.4.3.4"
export const ed25519 = "1.3.101.112"
export const ed448 = "1.3.101.113"
