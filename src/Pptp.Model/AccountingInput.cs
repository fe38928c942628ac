namespace Pptp.Model;

/// <summary>Whose traffic Acct-Input-Octets and -Packets count; the Output ones count the other way.</summary>
public enum AccountingInput
{
    /// <summary>The client's upload, as RFC 2866 §5.3 has it.</summary>
    FromClient,

    /// <summary>The client's download, as billing has it that sees with the client's eyes.</summary>
    ToClient,
}
