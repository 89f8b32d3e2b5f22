using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Homelab.Providers.Telegram;

namespace Homelab.UnitTests.Providers.Telegram;

public sealed class BotAnswerTests
{
    [Theory]
    [InlineData(200, "{\"ok\":true}", true)]
    [InlineData(500, "{\"ok\":true}", false)]
    [InlineData(200, "{\"ok\":\"true\"}", false)]
    [InlineData(200, "{\"ok\":1}", false)]
    [InlineData(200, "{\"ok\":false,\"ok\":true}", false)]
    [InlineData(200, "{}", false)]
    [InlineData(200, "[]", false)]
    [InlineData(200, "", false)]
    [InlineData(200, "{\"ok\":true,\"description\":\"\\ud800\"}", false)]
    public void Only_a_plain_yes_is_one(int status, string body, bool ok) => Assert.Equal(ok, BotAnswer.Read(status, Encoding.UTF8.GetBytes(body)).Ok);

    [Fact]
    public void Any_bytes_are_an_answer_or_none() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<byte[]>(static body => !BotAnswer.Read(200, body).Ok));
}
