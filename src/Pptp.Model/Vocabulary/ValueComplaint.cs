namespace Pptp.Model.Vocabulary;

/// <summary>Why a value was refused, and where the refused part of it stands.</summary>
public sealed record ValueComplaint(SourcePosition Position, string Message);
