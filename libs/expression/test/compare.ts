import { readFileSync } from 'node:fs';
import pl from 'nodejs-polars';
import { FloeError } from '@floe/errors';
import { checkProgram, formatDataType, parseProgram, toFramePlan, type Schema } from '../src/index.ts';
import { executePlan } from './execute-plan.ts';
const dir='/work/main/libs/expression/test/golden/';
const prefix=readFileSync(dir+'prefix.txt','utf8');
const golden=JSON.parse(readFileSync(dir+'golden.json','utf8'));
const raw=pl.DataFrame([pl.Series('i',[1,2,null,4],pl.Int64),pl.Series('j',[10,-5,7,null],pl.Int64),pl.Series('f',[1.5,-2.25,null,0.5],pl.Float64),pl.Series('b',[true,false,null,true],pl.Bool),pl.Series('s',['Anna','bob ',null,''],pl.Utf8),pl.Series('d',['2024-01-31','2023-12-25',null,'2024-02-29'],pl.Utf8),pl.Series('g',['x','y','x','y'],pl.Utf8)]).lazy();
const other=pl.DataFrame([pl.Series('g',['x','z','x'],pl.Utf8),pl.Series('v',[1,2,3],pl.Int64)]).lazy();
const k=(kind:string)=>({kind}) as never;
const inputs={raw:[{name:'i',type:k('int64')},{name:'j',type:k('int64')},{name:'f',type:k('float64')},{name:'b',type:k('boolean')},{name:'s',type:k('string')},{name:'d',type:k('string')},{name:'g',type:k('string')}] as Schema,other:[{name:'g',type:k('string')},{name:'v',type:k('int64')}] as Schema};
const stat:Record<string,number>={}; const bump=(n:string)=>{stat[n]=(stat[n]??0)+1};
for (const c of golden){
  const text=prefix+c.text; let schema:Schema|undefined, err:any, rows:any, nodeErr:any;
  let program:any;
  try{program=parseProgram(text,{inputs:['raw','other']}); schema=checkProgram(program,{inputs});}catch(e:any){err=e; if(!(e instanceof FloeError)) console.log('CRASH',c.text,e)}
  if(program) try{const df=executePlan(toFramePlan(program,{}),{raw,other}); try{rows=JSON.parse(df.writeJSON({format:'json'}).toString())}catch{rows=undefined}}catch(e:any){nodeErr=e}
  if(c.fails){ if(schema){bump('accepted-but-fails'); if(process.argv[2]==='loose')console.log('LOOSE',c.text)} else bump('both-fail'); continue; }
  if(err){bump('rejected'); console.log('REJECTED',c.text,'|',err.message); continue}
  if(nodeErr){bump('node-fails'); console.log('NODEFAIL',c.text,'|',String(nodeErr.message).slice(0,150)); continue}
  const mine=Object.fromEntries(schema!.map(x=>[x.name,formatDataType(x.type)]));
  const names=Object.keys(c.types).join()===schema!.map(x=>x.name).join();
  const bad=!names||Object.keys(c.types).some(n=>mine[n]!=='Unknown'&&mine[n]!==c.types[n]);
  if(bad){bump('type'); console.log('TYPE',c.text,'|',JSON.stringify(c.types),'mine',JSON.stringify(mine)); continue}
  if(Object.values(mine).includes('Unknown')) {bump('unknown'); if(process.argv[2]==='unknown')console.log('UNKNOWN',c.text,JSON.stringify(c.types))}
  if(c.rows&&JSON.stringify(c.rows)!==JSON.stringify(rows)){bump('value'); console.log('VALUE',c.text,'|',JSON.stringify(c.rows).slice(0,200),'node',JSON.stringify(rows)?.slice(0,200)); continue}
  bump('ok');
}
console.log(stat);
