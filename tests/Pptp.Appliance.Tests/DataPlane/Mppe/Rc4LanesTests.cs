using System.Runtime.Intrinsics.X86;
using Pptp.Appliance.DataPlane.Mppe;

namespace Pptp.Appliance.Tests.DataPlane.Mppe;

internal sealed unsafe class Rc4LanesTests
{
    private static readonly int[] Pieces = [16, 256, 1024, 16, 48];

    [Test]
    public void Four_streams_by_octets_are_those_of_four_ciphers() => CompareWithOne(Rc4Lanes.StreamFourByOctets);

    [Test]
    public void Four_streams_by_registers_are_those_of_four_ciphers()
    {
        if (!Sse41.IsSupported)
            Assert.Ignore("this processor has no SSE 4.1");
        CompareWithOne(Rc4Lanes.StreamFourByRegisters);
    }

    private static void CompareWithOne(StreamFour four)
    {
        const int Most = Rc4Lanes.Most;
        byte* keys = stackalloc byte[Most * Rc4Lanes.KeySize];
        byte* boxes = stackalloc byte[Most * Rc4Lanes.BoxSize];
        byte* js = stackalloc byte[Most];
        byte* streams = stackalloc byte[Most * Rc4Lanes.Stride];
        byte* stream = stackalloc byte[Rc4Lanes.ChunkSize];
        new Random(8421).NextBytes(new Span<byte>(keys, Most * Rc4Lanes.KeySize));
        Rc4Lanes.ScheduleFour(boxes, keys);
        new Span<byte>(js, Most).Clear();
        byte* single = stackalloc byte[Most];
        byte* singleBoxes = stackalloc byte[Most * Rc4Lanes.BoxSize];
        new Span<byte>(single, Most).Clear();
        for (int lane = 0; lane < Most; lane++)
            Rc4Lanes.Schedule(singleBoxes + (lane * Rc4Lanes.BoxSize), keys + (lane * Rc4Lanes.KeySize));
        int done = 0;
        foreach (int count in Pieces)
        {
            four(boxes, (nuint)done, js, streams, count);
            for (int lane = 0; lane < Most; lane++)
            {
                Rc4Lanes.Stream(singleBoxes + (lane * Rc4Lanes.BoxSize), (nuint)done, single + lane, stream, count);
                Assert.That(
                    new Span<byte>(streams + (lane * Rc4Lanes.Stride), count).ToArray(),
                    Is.EqualTo(new Span<byte>(stream, count).ToArray()), $"lane {lane} from {done}");
            }
            done += count;
        }
        Assert.That(
            new Span<byte>(boxes, Most * Rc4Lanes.BoxSize).ToArray(),
            Is.EqualTo(new Span<byte>(singleBoxes, Most * Rc4Lanes.BoxSize).ToArray()));
    }

    private delegate void StreamFour(byte* s, nuint i, byte* js, byte* streams, int count);
}
