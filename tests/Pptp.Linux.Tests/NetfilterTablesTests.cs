using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class NetfilterTablesTests : NamespaceTests
{
    [Test]
    public void A_table_is_deleted_with_its_chains_and_a_missing_one_is_a_value() => NetworkNamespace.Run(() =>
    {
        using NetfilterTables tables = WithNfTables();
        Assert.That(Plant(tables, "pptpd", NetfilterHook.Input, drop: false), Is.EqualTo(NetfilterResult.Done));
        Assert.That(Plant(tables, "other", NetfilterHook.Input, drop: false), Is.EqualTo(NetfilterResult.Done));

        Assert.That(tables.DeleteTable(NetfilterFamily.Inet, "pptpd"), Is.EqualTo(NetfilterResult.Done));

        Assert.That(tables.ListBaseChains(out IReadOnlyList<NetfilterChain> chains), Is.EqualTo(NetfilterResult.Done));
        Assert.That(chains.Select(c => c.Table), Is.EqualTo(new[] { "other" }));
        Assert.That(tables.DeleteTable(NetfilterFamily.Inet, "pptpd"), Is.EqualTo(NetfilterResult.NotFound));
        Assert.That(tables.DeleteTable(NetfilterFamily.Ipv4, "other"), Is.EqualTo(NetfilterResult.NotFound));
    });

    [TestCase(true)]
    [TestCase(false)]
    public void A_chain_in_the_way_of_packets_to_us_is_seen_with_its_policy(bool drop) => NetworkNamespace.Run(() =>
    {
        using NetfilterTables tables = WithNfTables();
        Assert.That(tables.ListBaseChains(out IReadOnlyList<NetfilterChain> none), Is.EqualTo(NetfilterResult.Done));
        Assert.That(none, Is.Empty);

        _ = Plant(tables, "filter", NetfilterHook.Input, drop);

        Assert.That(tables.ListBaseChains(out IReadOnlyList<NetfilterChain> chains), Is.EqualTo(NetfilterResult.Done));
        Assert.That(
            chains,
            Is.EqualTo(new[]
            {
                new NetfilterChain(NetfilterFamily.Inet, "filter", "base", NetfilterHook.Input, -5, drop, 0),
            }));
    });

    /// <summary>Makes a table with one base chain of priority -5.</summary>
    internal static NetfilterResult Plant(NetfilterTables tables, string table, NetfilterHook hook, bool drop)
    {
        NetlinkMessage batch = NetfilterTables.BeginBatch();
        _ = NetfilterTables
            .BeginMessage(batch, NetfilterTables.MessageNewTable, NetlinkSocket.Create, NetfilterFamily.Inet)
            .AttributeString(NetfilterTables.TableName, table);
        _ = NetfilterTables
            .BeginMessage(batch, NetfilterTables.MessageNewChain, NetlinkSocket.Create, NetfilterFamily.Inet)
            .AttributeString(NetfilterTables.ChainTable, table)
            .AttributeString(NetfilterTables.ChainName, "base");
        int nested = batch.BeginNested(NetfilterTables.ChainHook);
        _ = batch
            .AttributeBigEndian(NetfilterTables.HookNumber, (uint)hook)
            .AttributeBigEndian(NetfilterTables.HookPriority, unchecked((uint)-5))
            .EndNested(nested)
            .AttributeBigEndian(NetfilterTables.ChainPolicy, drop ? 0u : 1u)
            .AttributeString(7, "filter"); // NFTA_CHAIN_TYPE
        return tables.Run(batch, 2, "NFT_MSG_NEWCHAIN", table);
    }

    private static NetfilterTables WithNfTables()
    {
        NetfilterTables tables = new();
        if (tables.ListBaseChains(out _) == NetfilterResult.NotSupported)
        {
            tables.Dispose();
            Assert.Ignore("not tested here: the kernel has no nf_tables");
        }

        return tables;
    }
}
