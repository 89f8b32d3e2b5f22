using Homelab.Configuration;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker.Stacks;

public sealed class HiddenSecretsTests
{
    private static readonly YamlReader s_yaml = new();

    [Theory]
    [InlineData("environment: { DB_PASSWORD: hunter2 }")]
    [InlineData("environment:\n  DB_PASSWORD: hunter2")]
    [InlineData("environment:\n  DB_PASSWORD: \"hunter2\"")]
    [InlineData("environment:\n  DB_PASSWORD:\n    hunter2")]
    [InlineData("environment:\n  DB_PASSWORD: |\n    first\n    hunter2")]
    [InlineData("environment:\n  - DB_PASSWORD=hunter2")]
    [InlineData("environment: [ \"API_TOKEN=hunter2\" ]")]
    [InlineData("environment:\n  x: &p hunter2\n  SECRET: *p")]
    [InlineData("command: redis-server --requirepass hunter2")]
    [InlineData("command: [ redis-server, --requirepass, hunter2 ]")]
    [InlineData("environment:\n  URL: postgres://me:hunter2@db/x")]
    [InlineData("environment:\n  URL: redis://:hunter2@db/0")]
    [InlineData("# the old password: hunter2")]
    [InlineData("labels:\n  traefik.http.middlewares.a.basicauth.users: admin:hunter2")]
    [InlineData("environment:\r\n  DB_PASSWORD: hunter2\r\n  A: b\r\n")]
    [InlineData("PASSWORD: [ broken\n  hunter2")]
    [InlineData("PASSWORD:\n\thunter2: [")]
    public void A_secret_is_hidden_however_it_is_written(string text)
    {
        var hidden = HiddenSecrets.In(text, s_yaml.Read(text).Document);

        Assert.DoesNotContain("hunter2", hidden.Shown, StringComparison.Ordinal);
        Assert.Equal((text, null), hidden.Restore(hidden.Shown, s_yaml));
    }

    [Theory]
    [InlineData("environment:\n  DB_PASSWORD: '${DB_PASSWORD}'\n  - A_TOKEN=$A_TOKEN")]
    [InlineData("secrets:\n  db:\n    file: ./db.txt")]
    [InlineData("image: nginx:1.27")]
    [InlineData("ports: [ '80:80' ]\nenvironment:\n  COLOUR: blue")]
    [InlineData("healthcheck: { test: curl http://127.0.0.1:80/ }")]
    public void What_is_no_secret_is_shown_as_it_is(string text)
    {
        var hidden = HiddenSecrets.In(text, s_yaml.Read(text).Document);

        Assert.Equal((text, 0), (hidden.Shown, hidden.Count));
    }

    [Fact]
    public void A_text_that_is_changed_elsewhere_keeps_what_was_hidden()
    {
        const string Text = "image: a\nenvironment:\n  ONE_TOKEN: first1\n  TWO_TOKEN: second2\n  AGAIN_TOKEN: first1\n";
        var hidden = HiddenSecrets.In(Text, s_yaml.Read(Text).Document);

        var (text, problem) = hidden.Restore(hidden.Shown.Replace("image: a", "image: b", StringComparison.Ordinal), s_yaml);

        Assert.Equal((2, null), (hidden.Count, problem));
        Assert.Equal(Text.Replace("image: a", "image: b", StringComparison.Ordinal), text);
    }

    [Theory]
    [InlineData("image: ***1***")]
    [InlineData("labels:\n  shown: ***1***")]
    [InlineData("command: echo ***1***")]
    [InlineData("# ***1***")]
    public void A_secret_cannot_be_moved_to_where_it_would_be_seen(string text)
    {
        var hidden = HiddenSecrets.In("DB_PASSWORD: hunter2", s_yaml.Read("DB_PASSWORD: hunter2").Document);

        var (restored, problem) = hidden.Restore(text, s_yaml);

        Assert.Null(restored);
        Assert.Contains("***1***", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_stands_for_nothing_is_refused()
    {
        var (restored, problem) = HiddenSecrets.In("image: a", document: null).Restore("DB_PASSWORD: ***1***", s_yaml);

        Assert.Null(restored);
        Assert.Contains("stands for nothing", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_program_says_of_the_file_tells_no_secret()
    {
        const string Text = "DB_PASSWORD: hunter2";

        Assert.Equal("wrong: ***", HiddenSecrets.In(Text, s_yaml.Read(Text).Document).Clean("wrong: hunter2"));
    }
}
