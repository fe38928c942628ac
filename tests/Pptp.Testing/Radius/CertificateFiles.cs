namespace Pptp.Testing.Radius;

/// <summary>Where a certificate lies, all in PEM.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Key">Its key, without a password.</param>
/// <param name="Authority">The certificate of who signed it.</param>
public sealed record CertificateFiles(string Certificate, string Key, string Authority);
