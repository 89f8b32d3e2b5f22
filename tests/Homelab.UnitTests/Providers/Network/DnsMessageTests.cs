using FsCheck;
using FsCheck.Fluent;
using Homelab.Providers.Network;

namespace Homelab.UnitTests.Providers.Network;

public sealed class DnsMessageTests
{
    // An answer of dnsmasq: gitea.home.arpa A 10.0.0.5, with a pointer to the question's name and an OPT record.
    private static readonly byte[] s_answer =
    [
        0x12, 0x34, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 1,
        5, (byte)'g', (byte)'i', (byte)'t', (byte)'e', (byte)'a', 4, (byte)'h', (byte)'o', (byte)'m', (byte)'e', 4, (byte)'a', (byte)'r', (byte)'p', (byte)'a', 0, 0, 1, 0, 1,
        0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 5,
        0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 0,
    ];

    [Fact]
    public void An_answer_is_read()
    {
        var message = DnsMessageReader.Read(s_answer);
        Assert.Equal((0x1234, true, false, 0, true), (message.Id, message.IsAnswer, message.IsCut, message.Code, message.HasEdns));
        Assert.Equal(("gitea.home.arpa", 1, 1), message.Questions.Single());
        Assert.Equal(["10.0.0.5"], message.TextsOf("GITEA.home.arpa", DnsRecordType.A));
    }

    [Theory]
    [InlineData(2, "C00C", "gitea.home.arpa")]
    [InlineData(6, "C012 C00C 00000001 00000002 00000003 00000004 00000005", "home.arpa gitea.home.arpa 1 2 3 4 5")]
    [InlineData(15, "000A C012", "10 home.arpa")]
    [InlineData(16, "0361 5C62 021B C3", "a\\\\b\\027\\195")]
    [InlineData(33, "0001 0002 0016 00", "1 2 22 ")]
    [InlineData(257, "80 05 69737375 65 63 61", "128 issue \"ca\"")]
    [InlineData(99, "DEADBEEF", "")]
    public void The_data_of_each_type_is_written_as_in_a_zone_file(int type, string hex, string text)
    {
        var data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] message = [.. s_answer[..33], 0xC0, 12, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data, .. s_answer[^11..]];
        Assert.Equal(text, Assert.Single(DnsMessageReader.Read(message).Answers).Text);
    }

    [Fact]
    public void A_query_reads_back_as_what_was_asked()
    {
        var message = DnsMessageReader.Read(DnsMessageWriter.Query(7, "gitea.home.arpa", DnsRecordType.CAA, edns: true));
        Assert.Equal((7, false, true), (message.Id, message.IsAnswer, message.HasEdns));
        Assert.Equal(("gitea.home.arpa", 257, 1), message.Questions.Single());
    }

    [Fact]
    public void A_record_of_somebody_else_is_left_out()
    {
        byte[] message = [.. s_answer];
        // The answer's owner now points at "home.arpa".
        message[34] = 18;
        Assert.Empty(DnsMessageReader.Read(message).TextsOf("gitea.home.arpa", DnsRecordType.A));
    }

    [Fact]
    public void The_upper_bits_of_the_response_code_come_from_EDNS()
    {
        byte[] message = [.. s_answer];
        message[^6] = 1;
        Assert.Equal((16, "BADVERS"), (DnsMessageReader.Read(message).Code, DnsMessageReader.Read(message).CodeName));
    }

    [Theory]
    [InlineData(12, "points forward or at itself")]
    [InlineData(33, "points forward or at itself")]
    [InlineData(40, "points forward or at itself")]
    public void A_pointer_that_does_not_lead_back_is_refused(byte target, string says)
    {
        byte[] message = [.. s_answer];
        if (target == 12)
        {
            // The question's own name becomes a pointer to itself.
            message[12] = 0xC0;
            message[13] = 12;
        }
        else
        {
            message[34] = target;
        }

        Assert.Contains(says, Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(message)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_pointers_is_refused()
    {
        var message = new List<byte>(s_answer[..12]);
        message.AddRange([0]);
        for (var i = 0; i < 200; i++) message.AddRange([0xC0, (byte)(message.Count == 13 ? 12 : message.Count - 2)]);
        message[5] = 201;
        Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(message.ToArray()));
    }

    [Fact]
    public void An_answer_cut_anywhere_is_refused_and_never_read_past_its_end()
    {
        for (var length = 0; length < s_answer.Length; length++)
        {
            var cut = s_answer[..length];
            Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(cut));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_record_that_is_not_as_long_as_it_says_is_refused(byte length)
    {
        byte[] message = [.. s_answer];
        message[44] = length;
        Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(message));
    }

    [Fact]
    public void What_is_no_printable_ASCII_is_written_as_numbers()
    {
        byte[] message = [.. s_answer];
        message[13] = 0x1B;
        message[14] = (byte)'.';
        Assert.Equal(@"\027\.tea.home.arpa", DnsMessageReader.Read(message).Questions[0].Name);
    }

    [Fact]
    public void Aliases_in_a_ring_end()
    {
        var message = DnsMessageReader.Read(s_answer) with
        {
            Answers = [new("a", 5, "b"), new("b", 5, "a"), new("c", 5, "gitea"), new("b", 1, "10.0.0.1")],
        };
        Assert.Equal(["10.0.0.1"], message.TextsOf("a", DnsRecordType.A));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll<byte[]>(static bytes => Try(bytes)));

    [Fact]
    public void An_answer_with_any_few_bytes_changed_is_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll<(byte, byte, byte, byte)>(static change =>
        {
            byte[] message = [.. s_answer];
            message[change.Item1 % message.Length] = change.Item2;
            message[change.Item3 % message.Length] = change.Item4;
            Try(message);
        }));

    [Fact]
    public void Any_data_of_any_type_is_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll<(byte, byte[])>(static record =>
        {
            foreach (var type in Enum.GetValues<DnsRecordType>())
            {
                byte[] data = [record.Item1, .. record.Item2];
                byte[] message = [.. s_answer[..33], 0xC0, 12, (byte)((int)type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data, .. s_answer[^11..]];
                Try(message);
            }
        }));

    private static void Try(byte[] bytes)
    {
        try
        {
            var message = DnsMessageReader.Read(bytes);
            Assert.All(message.Answers, static r => Assert.True(ForeignText.IsClean(r.Text) && ForeignText.IsClean(r.Name), r.Text));
        }
        catch (DnsFormatException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
