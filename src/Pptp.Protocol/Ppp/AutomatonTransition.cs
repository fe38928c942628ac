namespace Pptp.Protocol.Ppp;

/// <summary>One cell of the table: what to do, and the state that follows.</summary>
internal readonly record struct AutomatonTransition(AutomatonActions Actions, PppState Next);
