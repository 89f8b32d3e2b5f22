using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using Homelab.Providers.Network;

namespace Homelab.UnitTests.Providers.Network;

public sealed class IcmpMessageTests
{
    private static readonly byte[] s_token = [.. Enumerable.Range(1, IcmpMessage.TokenLength).Select(static n => (byte)n)];

    [Fact]
    public void A_request_of_IPv4_carries_its_number_and_token_under_a_checksum_that_holds()
    {
        var request = IcmpMessage.Request(AddressFamily.InterNetwork, 0x1234, 7, s_token);
        Assert.Equal([8, 0], request[..2]);
        Assert.Equal([0x12, 0x34, 0, 7], request[4..8]);
        Assert.Equal(s_token, request[8..]);
        var sum = 0;
        for (var i = 0; i < request.Length; i += 2) sum += (request[i] << 8) | request[i + 1];
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        Assert.Equal(0xFFFF, sum);
    }

    [Fact]
    public void A_request_of_IPv6_leaves_the_checksum_to_the_system() =>
        Assert.Equal([128, 0, 0, 0], IcmpMessage.Request(AddressFamily.InterNetworkV6, 1, 1, s_token)[..4]);

    [Theory]
    [InlineData(AddressFamily.InterNetwork, false)]
    [InlineData(AddressFamily.InterNetwork, true)]
    [InlineData(AddressFamily.InterNetworkV6, false)]
    public void The_reply_is_known_with_and_without_the_header_of_IP(AddressFamily family, bool withHeader) =>
        Assert.True(IcmpMessage.IsReply(Reply(family, withHeader), family, 7, s_token));

    [Fact]
    public void Ones_own_request_that_comes_round_on_loopback_is_no_reply() =>
        Assert.False(IcmpMessage.IsReply(IcmpMessage.Request(AddressFamily.InterNetwork, 1, 7, s_token), AddressFamily.InterNetwork, 7, s_token));

    [Fact]
    public void The_reply_to_another_request_is_none_to_this_one()
    {
        Assert.False(IcmpMessage.IsReply(Reply(AddressFamily.InterNetwork, true), AddressFamily.InterNetwork, 8, s_token));
        byte[] other = [.. s_token];
        other[0]++;
        Assert.False(IcmpMessage.IsReply(Reply(AddressFamily.InterNetwork, true), AddressFamily.InterNetwork, 7, other));
    }

    [Fact]
    public void A_packet_that_is_cut_anywhere_is_no_reply()
    {
        var reply = Reply(AddressFamily.InterNetwork, true);
        for (var length = 0; length < reply.Length; length++) Assert.False(IcmpMessage.IsReply(reply.AsSpan(0, length), AddressFamily.InterNetwork, 7, s_token));
    }

    [Fact]
    public void Any_bytes_are_looked_at_without_harm_and_are_no_reply() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll<byte[]>(static bytes =>
            !IcmpMessage.IsReply(bytes, AddressFamily.InterNetwork, 7, s_token) && !IcmpMessage.IsReply(bytes, AddressFamily.InterNetworkV6, 7, s_token)));

    private static byte[] Reply(AddressFamily family, bool withHeader)
    {
        var reply = IcmpMessage.Request(family, 0x4321, 7, s_token);
        reply[0] = family == AddressFamily.InterNetworkV6 ? (byte)129 : (byte)0;
        return withHeader ? [0x45, .. new byte[19], .. reply] : reply;
    }
}
