namespace Pptp.Linux;

/// <summary>A base chain of nftables: one that packets pass by themselves.</summary>
/// <param name="Family">The family of its table.</param>
/// <param name="Table">The table's name.</param>
/// <param name="Name">The chain's name.</param>
/// <param name="Hook">Where packets pass it.</param>
/// <param name="Priority">The order among the chains of a hook; the lower first.</param>
/// <param name="DropsByDefault">Its policy is drop.</param>
/// <param name="RuleCount">How many rules it has.</param>
public sealed record NetfilterChain(
    NetfilterFamily Family,
    string Table,
    string Name,
    NetfilterHook Hook,
    int Priority,
    bool DropsByDefault,
    int RuleCount);
