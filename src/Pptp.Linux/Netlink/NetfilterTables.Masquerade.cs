namespace Pptp.Linux;

/// <content>A table that masquerades. Source: linux/netfilter/nf_tables.h.</content>
public sealed partial class NetfilterTables
{
    private const byte MessageNewRule = 6;
    private const byte MessageNewSet = 9;
    private const byte MessageNewElement = 12;
    private const ushort AppendFlag = 0x800; // NLM_F_APPEND
    private const ushort ListElement = 1;
    private const ushort DataValue = 1;
    private const ushort ChainType = 7;
    private const ushort SetTable = 1;
    private const ushort SetName = 2;
    private const ushort SetFlags = 3;
    private const ushort SetKeyType = 4;
    private const ushort SetKeyLength = 5;
    private const ushort SetId = 10;
    private const uint SetIsInterval = 4;
    private const uint TypeIpv4Address = 7;
    private const ushort ElementsTable = 1;
    private const ushort ElementsSet = 2;
    private const ushort ElementsList = 3;
    private const ushort ElementsSetId = 4;
    private const ushort ElementKey = 1;
    private const ushort ElementFlags = 3;
    private const uint IsIntervalEnd = 1;
    private const ushort RuleTable = 1;
    private const ushort RuleChain = 2;
    private const ushort RuleExpressions = 4;
    private const ushort ExpressionName = 1;
    private const ushort ExpressionData = 2;
    private const ushort MetaDestination = 1;
    private const ushort MetaKey = 2;
    private const uint MetaFamily = 15;
    private const uint MetaOutputGroup = 22;
    private const ushort CompareSource = 1;
    private const ushort CompareOperator = 2;
    private const ushort CompareData = 3;
    private const uint IsEqual = 0;
    private const uint IsNotEqual = 1;
    private const ushort PayloadDestination = 1;
    private const ushort PayloadBase = 2;
    private const ushort PayloadOffset = 3;
    private const ushort PayloadLength = 4;
    private const uint NetworkHeader = 1;
    private const uint SourceAddressOffset = 12;
    private const ushort LookupSet = 1;
    private const ushort LookupSource = 2;
    private const ushort LookupSetId = 4;
    private const uint Register = 1;
    private const uint TheSet = 1;
    private const string Sources = "sources";
    private const string Postrouting = "postrouting";
    private const uint SourceTranslationPriority = 100;

    /// <summary>A netlink attribute counts its octets in 16 bits; a range takes 56 of them.</summary>
    private const int RangesInMessage = 500;

    /// <summary>
    /// Puts a table of family inet in place that masquerades, and takes away what had the name before, in one step:
    /// no packet passes in between. Connections that are translated already stay as they are.
    /// </summary>
    /// <returns><see cref="NetfilterResult.NotSupported"/> also where the kernel has nf_tables without NAT.</returns>
    /// <exception cref="LinuxException">
    /// The kernel refused for a reason that is no <see cref="NetfilterResult"/>.
    /// </exception>
    public NetfilterResult ReplaceByMasquerade(string name, MasqueradeRule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rule);
        NetlinkMessage batch = BeginBatch();

        // One that is not there cannot be deleted: it is made first, which does nothing to one that is.
        _ = BeginMessage(batch, MessageNewTable, NetlinkSocket.Create, NetfilterFamily.Inet).AttributeString(TableName, name);
        _ = BeginMessage(batch, MessageDeleteTable, 0, NetfilterFamily.Inet).AttributeString(TableName, name);
        _ = BeginMessage(batch, MessageNewTable, NetlinkSocket.Create, NetfilterFamily.Inet).AttributeString(TableName, name);
        _ = BeginMessage(batch, MessageNewSet, NetlinkSocket.Create, NetfilterFamily.Inet)
            .AttributeString(SetTable, name)
            .AttributeString(SetName, Sources)
            .AttributeBigEndian(SetFlags, SetIsInterval)
            .AttributeBigEndian(SetKeyType, TypeIpv4Address)
            .AttributeBigEndian(SetKeyLength, sizeof(uint))
            .AttributeBigEndian(SetId, TheSet);
        int messages = 6;
        foreach ((uint First, uint Last)[] ranges in rule.Sources.Chunk(RangesInMessage))
        {
            AddElements(batch, name, ranges);
            messages++;
        }

        AddChain(batch, name);
        AddRule(batch, name, rule.ExceptGroup);
        NetfilterResult result = Run(batch, messages, "NFT_MSG_NEWRULE", $"masquerade in table {name}");

        // A chain type or an expression the kernel lacks is reported as one that is not found.
        return result == NetfilterResult.NotFound ? NetfilterResult.NotSupported : result;
    }

    private static void AddElements(NetlinkMessage batch, string table, (uint First, uint Last)[] ranges)
    {
        _ = BeginMessage(batch, MessageNewElement, NetlinkSocket.Create, NetfilterFamily.Inet)
            .AttributeString(ElementsTable, table)
            .AttributeString(ElementsSet, Sources)
            .AttributeBigEndian(ElementsSetId, TheSet);
        int list = batch.BeginNested(ElementsList);
        foreach ((uint first, uint last) in ranges)
        {
            AddElement(batch, first, 0);
            if (last != uint.MaxValue)
            {
                AddElement(batch, last + 1, IsIntervalEnd);
            }
        }

        _ = batch.EndNested(list);
    }

    private static void AddElement(NetlinkMessage batch, uint address, uint flags)
    {
        int element = batch.BeginNested(ListElement);
        int key = batch.BeginNested(ElementKey);
        _ = batch.AttributeBigEndian(DataValue, address).EndNested(key);
        if (flags != 0)
        {
            _ = batch.AttributeBigEndian(ElementFlags, flags);
        }

        _ = batch.EndNested(element);
    }

    private static void AddChain(NetlinkMessage batch, string table)
    {
        _ = BeginMessage(batch, MessageNewChain, NetlinkSocket.Create, NetfilterFamily.Inet)
            .AttributeString(ChainTable, table)
            .AttributeString(ChainName, Postrouting);
        int hook = batch.BeginNested(ChainHook);
        _ = batch
            .AttributeBigEndian(HookNumber, (uint)NetfilterHook.Postrouting)
            .AttributeBigEndian(HookPriority, SourceTranslationPriority)
            .EndNested(hook)
            .AttributeString(ChainType, "nat");
    }

    /// <summary>meta nfproto ipv4 oifgroup != GROUP ip saddr @sources masquerade</summary>
    private static void AddRule(NetlinkMessage batch, string table, uint exceptGroup)
    {
        _ = BeginMessage(batch, MessageNewRule, (ushort)(NetlinkSocket.Create | AppendFlag), NetfilterFamily.Inet)
            .AttributeString(RuleTable, table)
            .AttributeString(RuleChain, Postrouting);
        int expressions = batch.BeginNested(RuleExpressions);
        AddMeta(batch, MetaFamily);
        AddCompare(batch, IsEqual, [(byte)NetfilterFamily.Ipv4]);
        AddMeta(batch, MetaOutputGroup);

        // What meta loads is in the host's order.
        AddCompare(batch, IsNotEqual, BitConverter.GetBytes(exceptGroup));
        AddExpression(batch, "payload", message => message
            .AttributeBigEndian(PayloadDestination, Register)
            .AttributeBigEndian(PayloadBase, NetworkHeader)
            .AttributeBigEndian(PayloadOffset, SourceAddressOffset)
            .AttributeBigEndian(PayloadLength, sizeof(uint)));
        AddExpression(batch, "lookup", message => message
            .AttributeString(LookupSet, Sources)
            .AttributeBigEndian(LookupSource, Register)
            .AttributeBigEndian(LookupSetId, TheSet));
        AddExpression(batch, "masq", message => message);
        _ = batch.EndNested(expressions);
    }

    private static void AddMeta(NetlinkMessage batch, uint key) => AddExpression(batch, "meta", message => message
        .AttributeBigEndian(MetaDestination, Register)
        .AttributeBigEndian(MetaKey, key));

    private static void AddCompare(NetlinkMessage batch, uint comparison, byte[] value) =>
        AddExpression(batch, "cmp", message =>
        {
            _ = message
                .AttributeBigEndian(CompareSource, Register)
                .AttributeBigEndian(CompareOperator, comparison);
            int data = message.BeginNested(CompareData);
            return message.Attribute(DataValue, value).EndNested(data);
        });

    private static void AddExpression(
        NetlinkMessage batch, string name, Func<NetlinkMessage, NetlinkMessage> attributes)
    {
        int element = batch.BeginNested(ListElement);
        _ = batch.AttributeString(ExpressionName, name);
        int data = batch.BeginNested(ExpressionData);
        _ = attributes(batch).EndNested(data).EndNested(element);
    }
}
