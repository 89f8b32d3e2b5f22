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
        Assert.Equal(["10.0.0.5"], message.RecordsOf("GITEA.home.arpa", DnsRecordType.A).Select(static r => r.Text));
    }

    [Theory]
    [InlineData(2, "C00C", "gitea.home.arpa")]
    [InlineData(6, "C012 C00C 00000001 00000002 00000003 00000004 00000005", "home.arpa gitea.home.arpa 1 2 3 4 5")]
    [InlineData(15, "000A C012", "10 home.arpa")]
    [InlineData(16, "0361 5C62 021B C3", "a\\\\b\\027\\195")]
    [InlineData(33, "0001 0002 0016 00", "1 2 22 .")]
    [InlineData(15, "0000 00", "0 .")]
    [InlineData(35, "0064 000A 01 75 07 4532552B736970 09 21 5E2E2A 24 21 78 21 62 00", "100 10 \"u\" \"E2U+sip\" \"!^.*$!x!b\" .")]
    [InlineData(39, "C012", "home.arpa")]
    [InlineData(43, "EC45 0D 02 AABB", "60485 13 2 AABB")]
    [InlineData(44, "04 02 CAFE", "4 2 CAFE")]
    [InlineData(46, "0001 0D 03 00000E10 65000000 64000000 EC45 C012 010203", "A 13 3 3600 20230912060656 20230302014640 60485 home.arpa AQID")]
    [InlineData(48, "0101 03 0D 010203", "257 3 13 AQID")]
    [InlineData(52, "03 01 01 ABCD", "3 1 1 ABCD")]
    [InlineData(256, "000A 0001 68747470733A2F2F61", "10 1 \"https://a\"")]
    [InlineData(65, "0001 00", "1 .")]
    [InlineData(65, "0000 C00C", "0 gitea.home.arpa")]
    [InlineData(65, "0001 00 0001 0006 02 6832 02 6833 0003 0002 01BB 0004 0004 0A000005 0006 0010 FD000000000000000000000000000005", "1 . alpn=h2,h3 port=443 ipv4hint=10.0.0.5 ipv6hint=fd00::5")]
    [InlineData(64, "0001 00 0000 0004 0001 0400 0002 0000 0400 0002 6162", "1 . mandatory=alpn,key1024 no-default-alpn key1024=\"ab\"")]
    [InlineData(257, "80 05 69737375 65 63 61", "128 issue \"ca\"")]
    [InlineData(99, "0161", "a")]
    [InlineData(65280, "DEADBEEF", "\\# 4 DEADBEEF")]
    [InlineData(65280, "", "\\# 0")]
    public void The_data_of_each_type_is_written_as_in_a_zone_file(int type, string hex, string text)
    {
        var data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] message = [.. s_answer[..33], 0xC0, 12, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data, .. s_answer[^11..]];
        Assert.Equal(text, Assert.Single(DnsMessageReader.Read(message).Answers).Text);
    }

    [Fact]
    public void A_query_reads_back_as_what_was_asked()
    {
        var message = DnsMessageReader.Read(DnsMessageWriter.Query(7, new DnsQuery("gitea.home.arpa", DnsRecordType.CAA), edns: true));
        Assert.Equal((7, false, true), (message.Id, message.IsAnswer, message.HasEdns));
        Assert.Equal(("gitea.home.arpa", 257, 1), message.Questions.Single());
    }

    [Theory]
    [InlineData(65, "0001 00 0003 0001 01")]
    [InlineData(65, "0001 00 0003 0003 01BB 00")]
    [InlineData(65, "0001 00 0004 0003 0A0000")]
    [InlineData(65, "0001 00 0001 0003 04 6832")]
    [InlineData(65, "0001 00 0001 00FF 02 6832")]
    [InlineData(35, "0064 000A 05 75")]
    [InlineData(43, "EC45 0D")]
    [InlineData(46, "0001 0D 03")]
    [InlineData(257, "80 FF 69")]
    public void Data_whose_inner_lengths_lie_is_refused(int type, string hex)
    {
        var data = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] message = [.. s_answer[..33], 0xC0, 12, (byte)(type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data, .. s_answer[^11..]];
        Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(message));
    }

    [Fact]
    public void The_flags_and_the_time_to_live_are_read()
    {
        byte[] message = [.. s_answer];
        message[3] |= 0x20;
        var read = DnsMessageReader.Read(message);
        Assert.Equal((true, true, true, TimeSpan.FromMinutes(1)), (read.IsAuthoritative, read.CanRecurse, read.IsAuthentic, read.Answers[0].TimeToLive));
        message[39] = 0xFF;
        Assert.Equal(TimeSpan.Zero, DnsMessageReader.Read(message).Answers[0].TimeToLive);
    }

    [Fact]
    public void An_error_that_explains_itself_is_told_in_the_servers_words()
    {
        byte[] message = [.. s_answer[..^2], 0, 10, 0, 15, 0, 6, 0, 6, (byte)'o', (byte)'h', 0x1B, (byte)'!'];
        Assert.Equal("6 DNSSEC Bogus: oh !", DnsMessageReader.Read(message).Options?.Error);
    }

    [Theory]
    [InlineData("0010 000F 00FF 0006")]
    [InlineData("0003 000F00")]
    public void Options_whose_lengths_lie_are_refused(string hex) =>
        Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read([.. s_answer[..^2], .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))]));

    [Fact]
    public void Two_records_OPT_are_refused()
    {
        byte[] message = [.. s_answer, .. s_answer[^11..]];
        message[11] = 2;
        Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(message));
    }

    [Fact]
    public void A_question_for_signatures_says_so_by_its_flags()
    {
        var query = DnsMessageWriter.Query(7, new DnsQuery("a", DnsRecordType.A, Dnssec: true), edns: true);
        Assert.Equal((0x01, 0x20, 0x80), (query[2], query[3], query[^4]));
        Assert.Equal(0, DnsMessageWriter.Query(7, new DnsQuery("a", DnsRecordType.A), edns: true)[^4]);
    }

    [Theory]
    [InlineData("https", 65, "HTTPS")]
    [InlineData("TYPE65", 65, "HTTPS")]
    [InlineData("type65280", 65_280, "TYPE65280")]
    public void A_type_is_known_by_its_name_or_its_number(string text, int number, string name)
    {
        var type = DnsRecordTypes.Parse(text);
        Assert.Equal((number, name), ((int)type, DnsRecordTypes.NameOf(type)));
    }

    [Theory]
    [InlineData("TYPE0")]
    [InlineData("TYPE41")]
    [InlineData("TYPE252")]
    [InlineData("TYPE65536")]
    [InlineData("TYPE-1")]
    [InlineData("ANY")]
    [InlineData("1")]
    public void What_is_no_data_of_a_name_cannot_be_asked_for(string text) => Assert.Equal("DnsTypeInvalid", Assert.Throws<HomelabException>(() => DnsRecordTypes.Parse(text)).Id);

    [Fact]
    public void A_record_of_somebody_else_is_left_out()
    {
        byte[] message = [.. s_answer];
        // The answer's owner now points at "home.arpa".
        message[34] = 18;
        Assert.Empty(DnsMessageReader.Read(message).RecordsOf("gitea.home.arpa", DnsRecordType.A));
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
        Assert.Equal(["10.0.0.1"], message.RecordsOf("a", DnsRecordType.A).Select(static r => r.Text));
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

    [Fact]
    public void Any_options_are_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll<byte[]>(static data => Try([.. s_answer[..^2], (byte)(data.Length >> 8), (byte)data.Length, .. data])));

    [Fact]
    public void Counts_that_promise_more_than_there_is_cost_no_more_than_the_message()
    {
        // 65535 records of everything, in 12 bytes and in a packet full of pointers.
        Assert.Throws<DnsFormatException>(static () => DnsMessageReader.Read([0, 1, 0x81, 0x80, 255, 255, 255, 255, 255, 255, 255, 255]));
        byte[] full = [.. s_answer[..33], .. Enumerable.Repeat<byte[]>([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4], 4000).SelectMany(static r => r)];
        (full[6], full[7]) = (255, 255);
        Assert.Throws<DnsFormatException>(() => DnsMessageReader.Read(full));
    }

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
