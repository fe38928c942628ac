namespace Pptp.Linux;

/// <summary>Takes commands in nft's own language.</summary>
public interface INftables : IDisposable
{
    /// <summary>Carries out commands as one transaction: all of them, or none.</summary>
    /// <param name="commands">One line, with semicolons between them.</param>
    /// <param name="isTrial">Nothing is carried out; the kernel only says whether it would.</param>
    /// <returns>Empty: it is done.</returns>
    IReadOnlyList<NftablesError> Run(string commands, bool isTrial = false);
}
