/** The passwords that guessing begins with: from the published lists, those of eight characters and more. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password password1 password12 password123 password1234 password! passw0rd p@ssw0rd p@ssword pa55word passwort passport
  12345678 123456789 1234567890 0123456789 87654321 987654321 9876543210 11111111 111111111 1111111111 00000000 000000000
  0000000000 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999 12341234 11223344 1122334455 12121212
  123123123 123321123 12344321 123454321 13131313 10101010 11112222 1qaz2wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4 q1w2e3r4t5
  1qaz2wsx3edc zaq12wsx qazwsxedc qazwsx123 qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwer1234 qweasdzxc
  asdfghjk asdfghjkl asdf1234 asdfasdf zxcvbnm1 zxcvbnm123 1234qwer abcd1234 abc12345 abcdefgh abcdefghi abcdefg1 aaaaaaaa
  a1b2c3d4 a1234567 a12345678 a123456789 aa123456 aa12345678 iloveyou iloveyou1 iloveyou2 iloveyou! ilovegod letmein1
  letmein123 welcome1 welcome12 welcome123 admin123 admin1234 admin12345 administrator adminadmin rootroot root1234 toortoor
  changeme changeme1 changeme123 default1 default123 guest123 guestguest test1234 test12345 testtest testing1 testing123
  temp1234 temppass secret12 secret123 superman superman1 batman123 spiderman starwars starwars1 pokemon1 pokemon123 dragon12
  dragon123 monkey12 monkey123 shadow12 master12 master123 michael1 michelle jennifer jessica1 jonathan jordan23 football
  football1 baseball baseball1 basketball basket123 softball hockey12 soccer12 soccer123 sunshine sunshine1 princess princess1
  princess123 chocolate computer computer1 internet internet1 samsung1 samsung123 liverpool liverpool1 chelsea1 arsenal1
  arsenal123 manchester barcelona realmadrid juventus benjamin benjamin1 charlie1 charlotte christian christopher daniel12
  danielle elizabeth victoria victoria1 veronica alexander alexandra alexander1 anthony1 patricia patrick1 nicholas nicole12
  stephanie samantha samantha1 rebecca1 matthew1 mercedes midnight mustang1 corvette ferrari1 porsche1 yamaha12 harley12
  butterfly blink182 metallica metallica1 nirvana1 slipknot slipknot1 greenday greenday1 linkinpark trustno1 whatever whatever1
  hello123 hello1234 hellohello goodluck lovelove loveyou1 mylove12 mypassword mypass123 security security1 system32 server12
  access14 access123 winner12 winter12 winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 spring2024 spring2025
  summer12 summer123 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025 autumn2024 autumn2025 january1
  february1 december1 november1 october1 september september1 monday12 thursday wednesday saturday microsoft google123
  facebook facebook1 linkedin1 twitter1 youtube1 minecraft minecraft1 fortnite roblox123 xbox1234 playstation nintendo1
  cocacola cheese12 cookie12 cookies1 coffee12 coffee123 ginger12 pepper12 banana12 orange12 purple12 yellow12 silver12
  rainbow1 flower12 flowers1 garfield snoopy12 scooby12 tinkerbell tweety12 mickey12 kittykat kittycat elephant dolphin1
  dolphins tigger12 jasmine1 angelina isabella isabella1 gabriel1 gabriela fernando alejandro francisco cristina carolina
  estrella corazon1 tequiero teamo123 hallo123 hallo1234 schatz123 sommer12 geheim123 azertyui azerty123 azertyuiop motdepasse
  bonjour1 soleil12 doudou12 loulou12 nicolas1 camille1 sakura12 naruto12 naruto123 pa$$word pa$$w0rd p4ssw0rd pass1234
  pass12345 passpass pass@123 pass@word p@ss1234 login123 user1234 username qwaszx12 zxcv1234 zxcvzxcv 147258369 159357258
  159753159 147852369 741852963 963852741 789456123 456123789 321654987 31415926 20202020 19841984 19901990 20002000`.split(
    /\s+/,
  ),
);
