namespace Pptp.Model.Vocabulary;

/// <summary>A key with its value, and where the key stands.</summary>
public sealed record ConfigurationEntry(string Key, SourcePosition Position, ConfigurationValue Value);
