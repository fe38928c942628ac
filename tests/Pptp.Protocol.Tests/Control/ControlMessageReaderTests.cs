using Pptp.Protocol.Control;

namespace Pptp.Protocol.Tests.Control;

public sealed class ControlMessageReaderTests
{
    private static readonly ControlMessage[] Messages = [.. ControlVectors.All.Select(v => v.Message)];
    private static readonly byte[] Stream = [.. ControlVectors.All.SelectMany(v => v.Bytes)];

    [Test]
    public void Messages_in_one_piece_come_apart() =>
        Assert.That(ReadAll(new ControlMessageReader(), Stream), Is.EqualTo(Messages));

    [Test]
    public void Messages_in_pieces_of_any_size_come_together([Range(1, 40)] int size)
    {
        var reader = new ControlMessageReader();
        var read = new List<ControlMessage>();

        foreach (byte[] piece in Stream.Chunk(size))
            read.AddRange(ReadAll(reader, piece));

        Assert.That(read, Is.EqualTo(Messages));
        Assert.That(reader.Pending, Is.Zero);
    }

    [Test]
    public void A_message_is_given_with_its_last_octet_and_not_before()
    {
        foreach ((ControlMessage message, byte[] bytes) in ControlVectors.All)
        {
            var reader = new ControlMessageReader();
            Assert.That(ReadAll(reader, bytes.AsSpan(..^1)), Is.Empty);
            Assert.That(ReadAll(reader, bytes.AsSpan(^1..)), Is.EqualTo(new[] { message }));
        }
    }

    // Nobody waits for 65535 octets, nor for 12, to see that a browser is calling.
    [TestCase("47", ControlDecodeError.Length)]
    [TestCase("ff", ControlDecodeError.Length)]
    [TestCase("0000", ControlDecodeError.Length)]
    [TestCase("0001", ControlDecodeError.Length)]
    [TestCase("000c", ControlDecodeError.Length)]
    [TestCase("00ff", ControlDecodeError.Length)]
    [TestCase("009c01", ControlDecodeError.MessageType)]
    [TestCase("009c0002", ControlDecodeError.MessageType)]
    [TestCase("009c00011b", ControlDecodeError.MagicCookie)]
    [TestCase("009c00011a2b3c4e", ControlDecodeError.MagicCookie)]
    [TestCase("009c00011a2b3c4d01", ControlDecodeError.ControlMessageType)]
    [TestCase("009c00011a2b3c4d0000", ControlDecodeError.ControlMessageType)]
    [TestCase("009c00011a2b3c4d0010", ControlDecodeError.ControlMessageType)]
    [TestCase("009c00011a2b3c4d0005", ControlDecodeError.Length)]
    public void An_error_shows_at_the_first_octet_that_proves_it(string hex, ControlDecodeError expected)
    {
        var reader = new ControlMessageReader();
        byte[] bytes = Convert.FromHexString(hex);
        for (int i = 0; i < bytes.Length; i++)
        {
            ReadOnlySpan<byte> one = bytes.AsSpan(i, 1);
            bool last = i == bytes.Length - 1;
            Assert.That(
                reader.Read(ref one, out ControlMessage? message),
                Is.EqualTo(last ? expected : ControlDecodeError.None));
            Assert.That(message, Is.Null);
        }
    }

    [Test]
    public void After_an_error_nothing_is_believed_again()
    {
        var reader = new ControlMessageReader();
        ReadOnlySpan<byte> bad = [0xFF];
        reader.Read(ref bad, out _);

        ReadOnlySpan<byte> good = ControlVectors.All[0].Bytes;
        ControlDecodeError error = reader.Read(ref good, out ControlMessage? message);

        Assert.That(error, Is.EqualTo(ControlDecodeError.Length));
        Assert.That(message, Is.Null);
    }

    private static List<ControlMessage> ReadAll(ControlMessageReader reader, ReadOnlySpan<byte> bytes)
    {
        var messages = new List<ControlMessage>();
        while (!bytes.IsEmpty)
        {
            Assert.That(reader.Read(ref bytes, out ControlMessage? message), Is.EqualTo(ControlDecodeError.None));
            if (message is not null)
                messages.Add(message);
        }

        return messages;
    }
}
