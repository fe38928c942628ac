using Pptp.Linux;

namespace Pptp.Testing.Serving;

/// <summary>nftables put there by hand, as a test finds no <c>nft</c> everywhere.</summary>
public static class PlantedTable
{
    /// <summary>Makes an empty table of family inet with one chain, in this thread's namespace.</summary>
    /// <returns>False: this kernel has no nf_tables.</returns>
    public static bool Create(string name)
    {
        using NetfilterTables tables = new();
        if (tables.ListBaseChains(out _) == NetfilterResult.NotSupported)
            return false;
        NetlinkMessage batch = NetfilterTables.BeginBatch();
        _ = NetfilterTables
            .BeginMessage(batch, NetfilterTables.MessageNewTable, NetlinkSocket.Create, NetfilterFamily.Inet)
            .AttributeString(NetfilterTables.TableName, name);
        _ = NetfilterTables
            .BeginMessage(batch, NetfilterTables.MessageNewChain, NetlinkSocket.Create, NetfilterFamily.Inet)
            .AttributeString(NetfilterTables.ChainTable, name)
            .AttributeString(NetfilterTables.ChainName, "base");
        int nested = batch.BeginNested(NetfilterTables.ChainHook);
        _ = batch
            .AttributeBigEndian(NetfilterTables.HookNumber, (uint)NetfilterHook.Input)
            .AttributeBigEndian(NetfilterTables.HookPriority, 0)
            .EndNested(nested)
            .AttributeBigEndian(NetfilterTables.ChainPolicy, 1)
            .AttributeString(7, "filter"); // NFTA_CHAIN_TYPE
        return tables.Run(batch, 2, "NFT_MSG_NEWCHAIN", name) == NetfilterResult.Done;
    }

    /// <summary>Names of the tables that have a base chain, in this thread's namespace.</summary>
    public static IReadOnlyList<string> List()
    {
        using NetfilterTables tables = new();
        _ = tables.ListBaseChains(out IReadOnlyList<NetfilterChain> chains);
        return [.. chains.Select(chain => chain.Table).Distinct()];
    }
}
