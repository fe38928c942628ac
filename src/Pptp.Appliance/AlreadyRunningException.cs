namespace Pptp.Appliance;

/// <summary>Another daemon works where this one was to start.</summary>
public sealed class AlreadyRunningException(string message) : Exception(message);
