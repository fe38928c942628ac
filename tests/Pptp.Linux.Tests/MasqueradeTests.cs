using Pptp.Testing;

namespace Pptp.Linux.Tests;

public sealed class MasqueradeTests : NamespaceTests
{
    private const string Table = "pptpd";

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(2000)]
    public void A_masquerade_is_one_chain_after_routing_and_takes_the_place_of_what_was_there(int ranges) =>
        NetworkNamespace.Run(() =>
        {
            using NetfilterTables tables = new();
            _ = NetfilterTablesTests.Plant(tables, "other", NetfilterHook.Input, drop: false);
            _ = NetfilterTablesTests.Plant(tables, Table, NetfilterHook.Input, drop: false);
            List<(uint, uint)> sources = [.. Enumerable.Range(0, ranges).Select(i => (0x0A000000u + ((uint)i * 4), 0x0A000001u + ((uint)i * 4)))];
            MasqueradeRule rule = new(sources, 0x5050);

            NetfilterResult result = tables.ReplaceByMasquerade(Table, rule);
            if (result == NetfilterResult.NotSupported)
                Assert.Ignore("not tested here: the kernel has no nf_tables with NAT");

            Assert.That(result, Is.EqualTo(NetfilterResult.Done));
            Assert.That(tables.ReplaceByMasquerade(Table, rule), Is.EqualTo(NetfilterResult.Done), "again");
            Assert.That(tables.ListBaseChains(out IReadOnlyList<NetfilterChain> chains), Is.EqualTo(NetfilterResult.Done));
            Assert.That(
                chains.Where(chain => chain.Table == Table),
                Is.EqualTo(new[]
                {
                    new NetfilterChain(NetfilterFamily.Inet, Table, "postrouting", NetfilterHook.Postrouting, 100, false, 1),
                }));
            Assert.That(chains.Select(chain => chain.Table), Does.Contain("other"));
            Assert.That(tables.DeleteTable(NetfilterFamily.Inet, Table), Is.EqualTo(NetfilterResult.Done));
        });

    [Test]
    public void The_last_address_of_all_can_be_in_it() => NetworkNamespace.Run(() =>
    {
        using NetfilterTables tables = new();
        MasqueradeRule rule = new([(0, 7), (0xFFFFFF00, uint.MaxValue)], 0x5050);
        Assert.That(
            tables.ReplaceByMasquerade(Table, rule),
            Is.EqualTo(NetfilterResult.Done).Or.EqualTo(NetfilterResult.NotSupported));
    });
}
