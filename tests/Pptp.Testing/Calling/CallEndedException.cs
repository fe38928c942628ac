namespace Pptp.Testing.Calling;

/// <summary>A call was waited for to come further, and ended instead.</summary>
public sealed class CallEndedException(string message) : Exception(message);
