namespace Pptp.Management.Requests;

/// <summary>The daemon does not do what it was asked; the message says why.</summary>
public sealed class RequestRefusedException(string message) : Exception(message);
