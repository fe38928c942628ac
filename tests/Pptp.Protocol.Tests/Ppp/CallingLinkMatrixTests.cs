using Pptp.Protocol.Mppe;
using Pptp.Protocol.Ppp;

namespace Pptp.Protocol.Tests.Ppp;

/// <summary>The calling link against the answering one: every method with every form of MPPE and policy.</summary>
public sealed class CallingLinkMatrixTests
{
    private const MppeOffer All = (MppeOffer)0x3F;

    private static readonly MppeOffer[] Forms =
    [
        MppeOffer.Stateful40, MppeOffer.Stateless40, MppeOffer.Stateful56, MppeOffer.Stateless56,
        MppeOffer.Stateful128, MppeOffer.Stateless128,
    ];

    [Test]
    public void Each_form_of_mppe_comes_up_by_each_method_that_gives_keys(
        [Values(AuthenticationMethod.MsChapV2, AuthenticationMethod.MsChapV1)] AuthenticationMethod method,
        [ValueSource(nameof(Forms))] MppeOffer form,
        [Values] bool callerDecides)
    {
        using LinkPair pair = Pair(
            method, EncryptionPolicy.Required, EncryptionPolicy.Required,
            callerDecides ? form : All, callerDecides ? All : form);

        pair.Run();

        MppeParameters expected = new(
            (form & (MppeOffer.Stateful40 | MppeOffer.Stateless40)) != 0 ? MppeStrength.Bits40
                : (form & (MppeOffer.Stateful56 | MppeOffer.Stateless56)) != 0 ? MppeStrength.Bits56
                : MppeStrength.Bits128,
            (form & (MppeOffer.Stateless40 | MppeOffer.Stateless56 | MppeOffer.Stateless128)) != 0);
        Assert.That(pair.CallerNetwork?.Mppe, Is.EqualTo(expected));
        Assert.That(pair.AnswererNetwork?.Mppe, Is.EqualTo(expected));
        AssertEncrypts(pair.CallerKeys!, pair.AnswererKeys!, expected);
        AssertEncrypts(pair.AnswererKeys!, pair.CallerKeys!, expected);
    }

    [Test]
    public void Each_pair_of_policies_ends_as_both_want(
        [ValueSource(typeof(LinkPair), nameof(LinkPair.Methods))] AuthenticationMethod method,
        [Values] EncryptionPolicy caller,
        [Values] EncryptionPolicy answerer)
    {
        using LinkPair pair = Pair(method, caller, answerer, MppeOffer.Strongest, MppeOffer.Strongest);

        pair.Run(60);

        bool hasKeys = method is AuthenticationMethod.MsChapV2 or AuthenticationMethod.MsChapV1;
        bool canEncrypt = hasKeys && caller != EncryptionPolicy.No && answerer != EncryptionPolicy.No;
        bool mustEncrypt = caller == EncryptionPolicy.Required || answerer == EncryptionPolicy.Required;
        if (mustEncrypt && !canEncrypt)
        {
            Assert.That(pair.CallerNetwork ?? pair.AnswererNetwork, Is.Null);
            LinkCloseCause?[] causes = [pair.CallerClosed?.Cause, pair.AnswererClosed?.Cause];
            Assert.That(causes, Does.Contain(LinkCloseCause.EncryptionRejected).And.None.Null);
            return;
        }
        Assert.That(pair.CallerNetwork, Is.Not.Null);
        Assert.That(pair.CallerNetwork.Mppe is not null, Is.EqualTo(canEncrypt));
        Assert.That(pair.AnswererNetwork?.Mppe, Is.EqualTo(pair.CallerNetwork.Mppe));
    }

    [Test]
    public void No_form_in_common_is_no_link()
    {
        using LinkPair pair = Pair(
            AuthenticationMethod.MsChapV2, EncryptionPolicy.Required, EncryptionPolicy.Yes,
            MppeOffer.Stateless128, MppeOffer.Stateful40);

        pair.Run(60);

        Assert.That(pair.CallerNetwork ?? pair.AnswererNetwork, Is.Null);
        Assert.That(pair.CallerClosed?.Cause, Is.EqualTo(LinkCloseCause.EncryptionRejected)
            .Or.EqualTo(LinkCloseCause.PeerRequest));
    }

    [Test]
    public void A_link_comes_up_where_every_fifth_frame_is_lost(
        [ValueSource(typeof(LinkPair), nameof(LinkPair.Methods))] AuthenticationMethod method,
        [Range(1, 25)] int seed)
    {
        using LinkPair pair = new(
            CallerOptions(method, EncryptionPolicy.Yes, MppeOffer.Strongest), AnswererOptions(method),
            Authorization(EncryptionPolicy.Yes, MppeOffer.Strongest), (ulong)seed)
        { Loss = 20 };

        pair.Run(120);

        Assert.That(pair.CallerNetwork, Is.Not.Null, () => $"{pair.CallerClosed} {pair.AnswererClosed}");
        Assert.That(pair.AnswererNetwork, Is.Not.Null);
    }

    private static LinkPair Pair(
        AuthenticationMethod method, EncryptionPolicy caller, EncryptionPolicy answerer,
        MppeOffer callerForms, MppeOffer answererForms) => new(
            CallerOptions(method, caller, callerForms), AnswererOptions(method),
            Authorization(answerer, answererForms));

    private static PppLinkOptions CallerOptions(
        AuthenticationMethod method, EncryptionPolicy policy, MppeOffer forms) => new()
        {
            AuthenticationMethods = [method],
            Login = new LinkLogin
            {
                UserName = LinkPair.User,
                Password = LinkPair.Password,
                Encryption = policy,
                Mppe = forms,
            },
        };

    private static PppLinkOptions AnswererOptions(AuthenticationMethod method) =>
        new() { AuthenticationMethods = [method] };

    private static LinkAuthorization Authorization(EncryptionPolicy policy, MppeOffer forms) => new()
    {
        LocalAddress = LinkPair.ServerAddress,
        RemoteAddress = LinkPair.ClientAddress,
        Encryption = policy,
        Mppe = forms,
    };

    private static void AssertEncrypts(MppeStartKeys from, MppeStartKeys to, MppeParameters form)
    {
        using MppeEncryptor encryptor = new(from.SendFor(form.Strength), form.Strength, form.Stateless);
        using MppeDecryptor decryptor = new(to.ReceiveFor(form.Strength), form.Strength, form.Stateless);
        // A stateful link takes only what looks like an IP packet.
        byte[] plain = [0x00, 0x21, 0x45, 0, 0, 20, .. new byte[16]];
        byte[] packet = new byte[plain.Length + MppeEncryptor.Overhead];
        byte[] received = new byte[packet.Length];

        encryptor.Encrypt(plain, packet);
        MppeDecryptResult result = decryptor.Decrypt(packet, received, out int length);

        Assert.That(result, Is.EqualTo(MppeDecryptResult.Ok));
        Assert.That(received[..length], Is.EqualTo(plain));
    }
}
